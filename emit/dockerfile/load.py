"""FILE and what a build is told -> the stages."""

import os
from collections.abc import Mapping, Sequence

from emit.dockerfile.files import read
from emit.dockerfile.stages import StageGraph, stage_graph
from emit.dockerfile.variables import settings
from emit.errors import UsageError


def load_graph(
    file: str,
    build_args: Sequence[str] = (),
    platform: str | None = None,
    target: str | None = None,
) -> StageGraph:
    """Return the stages of the Dockerfile in FILE, or of the one on stdin when that is `-`.

    `build_args` and `platform` are as `docker build` takes them, `target` is the stage that is
    to be built. Raises UsageError and DockerfileError.
    """
    chosen = settings(
        build_args=parse_build_args(build_args, os.environ),
        platform=platform,
        target=target or "",
    )
    return stage_graph(read(file), chosen)


def parse_build_args(given: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return NAME=VALUE pairs; NAME alone takes the environment's value, if it has one."""
    values = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name:
            raise UsageError(f"--build-arg {text!r} has no name; write NAME=VALUE")
        if equals:
            values[name] = value
        elif name in environ:
            values[name] = environ[name]
    return values
