"""Fixtures: containers by pytest-docker, the emitted scripts, the servers.

`alpine`, and whatever needs it, runs once for every release whose image is
here; `@pytest.mark.releases(...)` names fewer where the rest would tell the
same. A test that cannot run says why, and fails with EMIT_REQUIRE_DOCKER=1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from emit.selftest.behaviour import routes
from emit.selftest.server import Server
from integration import containers
from integration.builds import Builder, make_base
from integration.containers import FALLBACK, TAGS, Alpine, Fleet
from integration.forge import ForgeServer, Shelf
from integration.images import Engine
from integration.nginx import Nginx, find, serving, sparse
from integration.rget import Rget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emit.selftest.journal import Site

HERE = Path(__file__).parent
SCRIPTS = {
    "rget.sh": [],
    "lean.sh": ["--lean"],
    "short.sh": ["--minify"],
    "lean-short.sh": ["--lean", "--minify"],
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "releases(*tags): run in these releases only")


def pytest_report_header() -> list[str]:
    reason = containers.no_docker()
    if reason:
        return [f"containers: none, {reason}"]
    here = containers.images()
    missing = [tag for tag in TAGS if tag not in here]
    return [f"containers: {' '.join(here)}"] + [
        f"not checked: alpine:{tag}, there is no image" for tag in missing
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "alpine" in metafunc.fixturenames:
        here = () if containers.no_docker() else containers.images()
        marker = metafunc.definition.get_closest_marker("releases")
        wanted = [*marker.args, FALLBACK] if marker else here
        tags = [tag for tag in here if tag in wanted]
        metafunc.parametrize("alpine", tags or ["none"], indirect=True)


def unavailable(reason: str) -> NoReturn:
    """Skip, or fail where everything is required."""
    if os.environ.get("EMIT_REQUIRE_DOCKER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is /work in every container, with the scripts in it."""
    folder = tmp_path_factory.mktemp("work")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def scripts(shared: Path) -> Path:
    """The folder with the scripts, as `emit rget` has just written them."""
    for name, options in SCRIPTS.items():
        subprocess.run(
            [sys.executable, "-m", "emit", "rget", "-o", shared / name, *options],
            cwd=HERE.parent,
            check=True,
        )
    shutil.copy(HERE / "naive.sh", shared)
    return shared


@pytest.fixture(scope="session")
def docker_compose_file(shared: Path) -> str:
    reason = containers.no_docker()
    if reason:
        unavailable(reason)
    if not containers.images():
        unavailable("no image is here: see integration/docker-up")
    os.environ |= {"EMIT_WORK": str(shared), "EMIT_USER": containers.owner()}
    return str(HERE / "compose.yml")


@pytest.fixture(scope="session")
def docker_compose_project_name() -> str:
    return f"emit{os.getpid()}"


@pytest.fixture(scope="session")
def docker_setup() -> list[str]:
    names = map(containers.service, containers.images())
    return [f"up -d --no-build {' '.join(names)}"]


@pytest.fixture(scope="session")
def docker_cleanup() -> list[str]:
    return ["down -v -t 0"]


@pytest.fixture(scope="session")
def fleet(docker_services: object, docker_compose_project_name: str, shared: Path) -> Fleet:  # noqa: ARG001
    return containers.fleet(docker_compose_project_name, containers.images(), shared)


@pytest.fixture
def alpine(request: pytest.FixtureRequest, fleet: Fleet) -> Iterator[Alpine]:
    """A container of one release, with a fresh folder to run in."""
    machine = fleet.alpine(request.param)
    yield machine
    shutil.rmtree(machine.root, ignore_errors=True)


@pytest.fixture
def rget(alpine: Alpine, scripts: Path) -> Rget:  # noqa: ARG001
    """The script with every feature, in a container."""
    return Rget(alpine)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server(routes) as running:
        yield running


@pytest.fixture
def site(server: Server) -> Site:
    """This test's part of the misbehaving server."""
    return server.site()


@pytest.fixture(scope="session")
def nginx(tmp_path_factory: pytest.TempPathFactory, fleet: Fleet) -> Iterator[Nginx]:
    """A real nginx, whose https every container trusts."""
    folder = tmp_path_factory.mktemp("nginx")
    program = find(folder / "package")
    if program is None:
        unavailable("there is no nginx, and none could be unpacked with apt")
    with serving(program, folder) as running:
        fleet.trust(running.authority)
        yield running


@pytest.fixture(scope="session")
def big(nginx: Nginx) -> str:
    """The sha256 of nginx's /big, which is beyond 4 GiB."""
    return sparse(nginx.www / "big")


@pytest.fixture(scope="session")
def forges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForgeServer]:
    """The forge server, over TLS."""
    with ForgeServer(tmp_path_factory.mktemp("forge")) as running:
        yield running


@pytest.fixture
def shelf(forges: ForgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A forge of this test's own, which is trusted; the test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITEA_TOKEN", "CI_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    shelf = forges.shelf()
    monkeypatch.setenv("SSL_CERT_FILE", str(forges.authority))
    monkeypatch.setenv("GITHUB_SERVER_URL", shelf.server)
    return shelf


@pytest.fixture(scope="session")
def platforms() -> None:
    """An engine that holds, builds and exports images of several platforms."""
    reason = containers.one_platform()
    if reason:
        unavailable(reason)


@pytest.fixture(scope="session")
def builder(forges: ForgeServer, platforms: None) -> Iterator[Builder]:  # noqa: ARG001
    """What builds images whose https trusts our forge, on two machines."""
    if "3.20" not in containers.images():
        unavailable("there is no image alpine:3.20")
    made = make_base(f"emit-assets-{os.getpid()}", forges.authority)
    yield made
    made.clean()


@pytest.fixture(scope="session")
def trust(fleet: Fleet, forges: ForgeServer) -> None:
    """Every container trusts our forge; told twice, an old one would trust nobody."""
    fleet.trust(forges.authority.read_bytes())


@pytest.fixture
def trusting(alpine: Alpine, trust: None) -> Alpine:  # noqa: ARG001
    """A container that trusts our forge."""
    return alpine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Builds images, in the folder of files that the Dockerfiles here copy from."""
    reason = containers.no_docker()
    if reason:
        unavailable(reason)
    machine = Engine(HERE / "dockerfiles" / "context")
    yield machine
    machine.clean()
