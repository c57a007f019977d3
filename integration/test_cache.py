"""A second machine: what did not change is not built again, whatever keeps the cache.

Each build runs in an engine of its own that is empty but for the base image; the whole
table is `make bench-cache`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from emit.cache import machine as machines
from emit.cache.measure import measure, table
from emit.cache.plan import plan_cache
from emit.cache.wanted import Wanted
from emit.dockerfile.load import load_graph
from emit.external import logged
from integration import containers, hits, registry
from integration.conftest import unavailable
from integration.hits import UNCHANGED, Project, Way

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = frozenset(hits.STEPS)
OPTIONS = """\
FROM alpine:3.20
ARG ODD
ARG GIVEN
ARG TARGETPLATFORM
RUN echo "arguments: $ODD, $GIVEN, $TARGETPLATFORM"
RUN --mount=type=secret,id=s echo "secret: $(wc -c </run/secrets/s)"
"""
WAYS = [
    ("overlay2", Way(name="inline")),
    ("overlay2", Way(name="push-pull, classic builder", cache="push-pull")),
    ("overlay2", Way(name="save and load", cache="local:kept")),
    ("containerd", Way(name="registry")),
    ("containerd", Way(name="local", cache="local:kept")),
]


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base image, as a file that another engine loads."""
    reason = containers.no_docker() or machines.missing()
    if reason:
        unavailable(reason)
    if "3.20" not in containers.images():
        unavailable("there is no image alpine:3.20")
    file = tmp_path_factory.mktemp("images") / "alpine.tar"
    assert containers.docker("save", "-o", str(file), "alpine:3.20").returncode == 0
    return file


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry's host and port."""
    folder = tmp_path_factory.mktemp("registry")
    program = registry.find(folder / "package")
    if program is None:
        unavailable("there is no docker-registry, and none could be unpacked with apt")
    with registry.serving(program, folder) as running:
        yield running


@pytest.mark.parametrize(("store", "way"), WAYS, ids=lambda value: getattr(value, "name", value))
def test_on_a_second_machine_only_what_changed_is_built(
    store: str, way: Way, host: str, images: Path, tmp_path: Path
) -> None:
    project = Project(folder=tmp_path / "project", image=f"{host}/{store}/app")
    first, second = hits.twice(project, way, store, images)
    assert (first.status, first.ran) == (0, ALL), first.log
    assert (second.status, second.ran) == (0, ALL - UNCHANGED), second.log


def test_stages_without_names_failures_branches_and_a_dead_cache(
    host: str, images: Path, tmp_path: Path
) -> None:
    """All that needs an engine and no second machine, on one of each store."""
    unnamed = Project(
        folder=tmp_path / "unnamed", image=f"{host}/unnamed", dockerfile="Dockerfile.unnamed"
    )
    with machines.machine("overlay2", images) as machine:
        first = unnamed.run(machine, Way(name="auto"), {"BRANCH": "main"})
        assert (first.status, first.ran) == (0, frozenset({"deps", "build", "user"})), first.log
        assert "/left-out-deps.txt" not in first.log, "its own .dockerignore counts"
    with machines.machine("overlay2", images) as machine:
        unnamed.change()
        other = unnamed.run(machine, Way(name="auto"), {"BRANCH": "feature/x"})
        assert (other.status, other.ran) == (0, frozenset({"build"})), other.log
        dead = Project(folder=tmp_path / "dead", image="127.0.0.1:1/app")
        kept = dead.run(machine, Way(name="auto"), {"PUSH": "no"})
        assert kept.status == 0, kept.log
        refused = dead.run(machine, Way(name="registry", cache="registry"))
        assert (refused.status, refused.ran) == (2, frozenset()), refused.log


def test_a_test_that_fails_pushes_no_image_and_a_dead_cache_stops_nothing(
    host: str, images: Path, tmp_path: Path
) -> None:
    with machines.machine("containerd", images) as machine:
        broken = Project(folder=tmp_path / "broken", image=f"{host}/broken")
        (broken.folder / "src.txt").write_text("nothing\n")
        failed = broken.run(machine, Way(name="auto"))
        assert failed.status == 1, failed.log
        status, log = machine.run(["docker", "pull", f"{host}/broken"], env={}, folder="/")
        assert status == 1, log
        dead = Project(folder=tmp_path / "dead", image="127.0.0.1:1/app")
        tests = dead.folder / "Dockerfile"
        tests.write_text(tests.read_text().partition("FROM alpine:3.20 AS app")[0])
        built = dead.run(machine, Way(name="auto"), {"PUSH": "yes"})
        assert built.ran == {"build", "test"}, built.log
        assert built.status != 0, "an image that cannot be pushed is a failure"
        assert "connection refused" in built.log.rpartition("docker push")[2]
        metadata = Project(folder=tmp_path / "metadata", image=f"{host}/metadata")
        with (metadata.folder / "Dockerfile").open("a") as file:
            file.write('CMD ["/out"]\n')
        classic = metadata.run(machine, Way(name="auto", classic=True))
        assert (classic.status, classic.ran) == (0, ALL), classic.log
        assert "CACHE=none" in classic.log


def test_the_bake_file_is_what_bake_reads(tmp_path: Path) -> None:
    if containers.no_docker():
        unavailable(containers.no_docker())
    project = Project(folder=tmp_path / "project", image="example.com/bake")
    odd = 'it\'s ${X} %{Y} "$(z)" \\'
    options = ("--build-arg", f"ODD={odd}", "--build-arg", "GIVEN", "--secret", "id=s,env=S")
    project.emit(*options, file="docker-bake.hcl")
    printed = subprocess.run(
        ["docker", "buildx", "bake", "--print"],
        cwd=project.folder,
        env={**os.environ, "GIVEN": "x y", "SCOPE": "b", "PUSH": "true"},
        capture_output=True,
        check=True,
    )
    found = json.loads(printed.stdout)
    assert found["group"]["default"]["targets"] == ["test", "app"]
    app = found["target"]["app"]
    assert app["args"] == {"ODD": odd, "GIVEN": "x y"}
    assert app["secret"] == ["id=s,env=S"]
    assert app["output"] == ["type=image,push=true"]
    assert app["cache-to"][0].startswith("type=registry,ref=example.com/bake:cache-app-b,mode=max")
    assert found["target"]["test"]["output"] == ["type=cacheonly"]


def test_bake_finds_a_dockerfile_wherever_the_context_is(tmp_path: Path) -> None:
    """Bake takes its path from the context, docker build from the folder it is run in."""
    if containers.no_docker():
        unavailable(containers.no_docker())
    project = Project(folder=tmp_path / "project", image="example.com/bake")
    (project.folder / "src").mkdir()
    (project.folder / "src/file").write_text("x\n")
    for place in ("src/Dockerfile", "sub.Dockerfile"):
        (project.folder / place).write_text("FROM scratch AS app\nCOPY file /\n")
        project.dockerfile = place
        project.emit("-p", "src", file="docker-bake.hcl")
        bake = ["docker", "buildx", "bake", "--set", "*.cache-to=", "--set", "*.cache-from="]
        status, log = logged(bake, env={}, folder=str(project.folder))
        assert status == 0, log


def test_workflow_job_and_bake_file_build_and_share_their_caches(
    host: str, images: Path, tmp_path: Path
) -> None:
    """The workflow's steps on one machine; then, elsewhere, what they kept serves the others."""
    project = Project(folder=tmp_path / "project", image=f"{host}/forms")
    file = project.folder / "Dockerfile"  # the bake of buildx 0.13 knows no network
    file.write_text(file.read_text().replace("RUN ", "RUN --network=none "))
    project.emit("--format", "github", file="image.yml")
    project.emit("--format", "gitlab", file="job.yml")
    project.emit(file="docker-bake.hcl")
    common = {"TAG": "latest", "FALLBACK": "main"}
    on_github = {**common, "GITHUB_REF_NAME": "main", "GITHUB_EVENT_NAME": "push"}
    on_gitlab = {**common, "CI_COMMIT_REF_NAME": "x/y", "SCOPE": "x-y"}
    with machines.machine("containerd", images) as machine:
        workflow = project.sh(machine, steps(project.folder, "image.yml"), env=on_github)
        assert (workflow.status, workflow.ran) == (0, ALL), workflow.log
    project.change()
    with machines.machine("containerd", images) as machine:
        job = project.sh(machine, steps(project.folder, "job.yml"), env=on_gitlab)
        assert (job.status, job.ran) == (0, ALL - UNCHANGED), job.log
        bake = ["docker", "buildx", "bake", "test", "app"]
        status, log = machine.run(bake, env={"PUSH": "true"}, folder=str(project.folder))
        assert (status, hits.ran(log)) == (0, frozenset()), log


def steps(folder: Path, name: str) -> str:
    """Write the commands of a workflow or of a job that build as a script; return its name."""
    data = YAML(typ="safe").load((folder / name).read_text())
    if "jobs" in data:
        runs = [step["run"] for step in data["jobs"]["image"]["steps"] if "run" in step]
    else:
        runs = data["build-image"]["script"]
    parts = [f'{run}\n[ ! -e "$GITHUB_ENV" ] || . "$GITHUB_ENV"\n' for run in runs]
    head = f"set -e\nexport GITHUB_ENV='{folder / 'env'}'\n"
    (folder / f"{name}.sh").write_text(head + "".join(parts))
    return f"{name}.sh"


def test_arguments_secrets_and_the_platform_reach_the_build(images: Path, tmp_path: Path) -> None:
    odd = 'it\'s $(touch x) "y"'
    options = ("--build-arg", f"ODD={odd}", "--build-arg", "GIVEN", "--secret", "id=s,env=S")
    project = Project(
        folder=tmp_path / "project",
        image="example.com/options",
        options=(*options, "--platform", "linux/amd64"),
    )
    (project.folder / "Dockerfile").write_text(OPTIONS)
    with machines.machine("overlay2", images) as machine:
        given = {"GIVEN": "x y", "S": "a secret", "PUSH": "no"}
        built = project.run(machine, Way(name="auto"), given)
        assert built.status == 0, built.log
        assert f"arguments: {odd}, x y, linux/amd64" in built.log
        assert "a secret" not in built.log
        assert "secret: 8" in built.log


def test_in_alpine_a_branch_is_a_tag_too(tmp_path: Path) -> None:
    """Its tr and cut are others."""
    if containers.no_docker():
        unavailable(containers.no_docker())
    project = Project(folder=tmp_path / "project", image="example.com/app")
    project.emit()
    (project.folder / "docker").write_text("#!/bin/sh\necho Driver: docker\n")
    (project.folder / "docker").chmod(0o755)
    where = ["-v", f"{project.folder}:/w", "-w", "/w", "--network", "host"]
    line = "PATH=/w:$PATH BRANCH=a/b_ä sh build.sh -n"
    done = containers.docker("run", "--rm", *where, "alpine:3.20", "sh", "-c", line)
    assert done.returncode == 0
    assert "build.sh: graph: CACHE=inline of a-b_--, else main\n" in done.stderr.decode()


def test_measure_tells_the_fastest_way(images: Path, host: str, tmp_path: Path) -> None:
    """Two ways of the seven are enough to see that they are tried and compared.

    The dependencies sleep for longer than a loaded machine takes to fetch them.
    """
    del images  # measure takes the base image from the usual engine itself
    project = Project(folder=tmp_path / "project", image=f"{host}/measure", seconds=9)
    graph = load_graph(str(project.folder / "Dockerfile"))
    context = str(project.folder)
    plan = plan_cache(graph, Wanted(image=project.image, network="host", context=context))
    told: list[str] = []
    ways = [("containerd", "none"), ("containerd", "registry")]
    trials = measure(plan, change="src.txt", runs=1, told=told.append, ways=ways)
    none, kept = trials
    assert (none.error, kept.error) == ("", "")
    assert none.next > 9
    assert kept.next < none.next, "nine seconds of dependencies were not made again"
    assert [line.partition(":")[0] for line in told] == ["containerd, none", "containerd, registry"]
    assert "registry in containerd is the fastest" in "\n".join(table(trials))
    assert (project.folder / "src.txt").read_text() == "version 1\n", "a copy was changed"


def test_a_term_leaves_no_engine_behind(images: Path, tmp_path: Path) -> None:
    del images  # it needs what the engine needs
    project = Project(folder=tmp_path / "project", image="example.com/app", seconds=30)
    with TemporaryDirectory(dir="/tmp", prefix="emit-") as short:  # a socket's path is short
        command = [sys.executable, "-m", "emit", "cache", "-i", project.image, "--measure"]
        with subprocess.Popen(
            command,
            cwd=project.folder,
            env={**os.environ, "TMPDIR": short, "PYTHONPATH": str(hits.PROJECT.parent.parent)},
        ) as process:
            while not list(Path(short).glob("emit-machine-*/sock")):
                assert process.poll() is None
                time.sleep(0.1)
            process.terminate()
            assert process.wait(60) == 143
        assert not list(Path(short).iterdir())
        assert short not in Path("/proc/self/mounts").read_text()
