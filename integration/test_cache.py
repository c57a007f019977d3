"""A second machine: what did not change is not built again, whatever keeps the cache.

Each build runs in an engine of its own that is empty but for the base image; the whole
table is `make bench-cache`.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from emit.cache import machine as machines
from integration import containers, hits, registry
from integration.conftest import unavailable
from integration.hits import UNCHANGED, Project, Way

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL = frozenset(hits.STEPS)
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


def test_the_bake_file_is_what_bake_reads_and_builds(
    host: str, images: Path, tmp_path: Path
) -> None:
    project = Project(folder=tmp_path / "project", image=f"{host}/bake")
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
    assert app["output"] == ["type=image,push=true"]
    assert app["cache-to"][0].startswith(f"type=registry,ref={host}/bake:cache-app-b,mode=max")
    assert found["target"]["test"]["output"] == ["type=cacheonly"]
    project.emit(file="docker-bake.hcl")
    file = project.folder / "Dockerfile"  # the bake of buildx 0.13 knows no network
    file.write_text(file.read_text().replace("RUN ", "RUN --network=none "))
    bake = ["docker", "buildx", "bake", "test", "app"]
    with machines.machine("containerd", images) as machine:
        first = machine.run(bake, env={"PUSH": "true"}, folder=str(project.folder))
        assert first[0] == 0, first[1]
    project.change()
    with machines.machine("containerd", images) as machine:
        status, log = machine.run(bake, env={"PUSH": "true"}, folder=str(project.folder))
        second = hits.Outcome(status=status, seconds=0, log=log)
        assert (second.status, second.ran) == (0, ALL - UNCHANGED), second.log
