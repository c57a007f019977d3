"""Each pattern builds as it is, in a folder with nothing else, and its image runs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from emit.pattern import PATTERNS, plan_pattern
from emit.render import render
from integration import containers
from integration.conftest import unavailable
from integration.containers import docker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX = f"emit-pattern-{os.getpid()}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, str]]]:
    """The status and the words of `docker build`, and what the image prints, for each."""
    reason = containers.no_docker()
    if reason:
        unavailable(reason)
    folder = tmp_path_factory.mktemp("patterns")
    with ThreadPoolExecutor(2) as pool:
        yield dict(zip(PATTERNS, pool.map(lambda name: build(name, folder), PATTERNS), strict=True))
    docker("image", "rm", "-f", *(f"{PREFIX}:{name}" for name in PATTERNS))


def build(name: str, folder: Path) -> tuple[int, str]:
    plan = plan_pattern(name, base="alpine:3.20", name="hello")
    (folder / name).mkdir()
    (folder / name / "Dockerfile").write_text(render(plan.template, plan.values()))
    tag = f"{PREFIX}:{name}"
    done = docker("build", "--network", "host", "-t", tag, str(folder / name), timeout=100)
    if done.returncode:
        return done.returncode, done.stderr.decode()
    run = docker("run", "--rm", "--network", "host", tag)
    return run.returncode, run.stdout.decode() + run.stderr.decode()


@pytest.mark.parametrize("name", PATTERNS)
def test_it_builds_as_it_is_and_runs(name: str, built: dict[str, tuple[int, str]]) -> None:
    assert built[name] == (0, "hello\n")


def test_a_test_that_fails_leaves_no_image(tmp_path: Path) -> None:
    if containers.no_docker():
        unavailable(containers.no_docker())
    plan = plan_pattern("tested-app", base="alpine:3.20", test="echo it is wrong && false")
    (tmp_path / "Dockerfile").write_text(render(plan.template, plan.values()))
    done = docker("build", "--network", "host", str(tmp_path), timeout=100)
    assert done.returncode == 1
    assert b"it is wrong" in done.stderr
