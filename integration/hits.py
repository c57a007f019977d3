"""What hits on a second machine, for each way to keep a cache: ours, and those in use.

A way is a script that runs twice: on one machine, then, with a source changed, on another
that has nothing but the base image and what the way itself kept. A step ran if its own
output is in the build's log.
"""

from __future__ import annotations

import re
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emit.cache.machine import Machine, machine
from emit.external import logged

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).parent / "cache"
STEPS = ("deps", "build", "test", "user")
UNCHANGED = frozenset({"deps", "user"})
EMITTED = "emit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to keep a cache: what it is called, and its script, or ours with a CACHE."""

    name: str
    script: str = EMITTED
    cache: str = "auto"
    classic: bool = False

    @property
    def env(self) -> dict[str, str]:
        """What the script is told."""
        buildkit = {"DOCKER_BUILDKIT": "0"} if self.classic else {}
        return {"CACHE": self.cache, **buildkit}


OURS = (
    Way(name="auto"),
    Way(name="registry", cache="registry"),
    Way(name="inline", cache="inline"),
    Way(name="local:DIR", cache="local:kept"),
    Way(name="local:DIR, classic builder", cache="local:kept", classic=True),
    Way(name="push-pull, classic builder", cache="push-pull"),
    Way(name="none", cache="none"),
)
OTHERS = (
    Way(name="castage's default output", script="castage.sh"),
    Way(name="castage's default output, classic builder", script="castage.sh", classic=True),
    Way(name="castage -buildkit", script="castage-buildkit.sh"),
    Way(name="inline cache of the final image alone", script="inline-final.sh"),
    Way(name="registry, mode=min", script="mode-min.sh"),
    Way(name="save and load, no cache metadata", script="save-load.sh"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run: its status, seconds, log, and the steps that ran."""

    status: int
    seconds: float
    log: str

    @property
    def ran(self) -> frozenset[str]:
        """The steps whose own output is in the log."""
        return ran(self.log)


def ran(log: str) -> frozenset[str]:
    """Return the steps whose own output is in a build's log."""
    return frozenset(re.findall(r"^(?:#\d+ [\d.]+ )?step-(\w+)\r?$", log, re.MULTILINE))


@dataclass(slots=True, kw_only=True)
class Project:
    """A copy of the project, built as an image; what its dependencies take: seconds and MiB."""

    folder: Path
    image: str
    dockerfile: str = "Dockerfile"
    seconds: int = 0
    size: int = 0
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Copy it."""
        shutil.copytree(PROJECT, self.folder)
        (self.folder / "deps.txt").write_text(f"{self.seconds} {self.size}\n")

    def change(self) -> None:
        """Change a source."""
        (self.folder / "src.txt").write_text("version 2\n")

    def emit(self, *options: str, file: str = "build.sh") -> str:
        """Write what `emit cache` writes, and return it."""
        command = [sys.executable, "-m", "emit", "cache", "-i", self.image, "-o", file]
        more = ["-f", self.dockerfile, "--network", "host", *self.options, *options]
        root = {"PYTHONPATH": str(PROJECT.parent.parent)}
        status, log = logged([*command, *more], env=root, folder=str(self.folder))
        assert status == 0, log
        return (self.folder / file).read_text()

    def run(self, machine: Machine, way: Way, env: Mapping[str, str] | None = None) -> Outcome:
        """Run a way's script on a machine."""
        if way.script == EMITTED:
            self.emit()
        script = "build.sh" if way.script == EMITTED else way.script
        return self.sh(machine, script, env={**way.env, **(env or {})})

    def sh(self, machine: Machine, script: str, *, env: Mapping[str, str]) -> Outcome:
        """Run a script of the folder on a machine."""
        given = {"IMAGE": self.image, **env}
        began = time.monotonic()
        status, log = machine.run(["sh", script], env=given, folder=str(self.folder))
        return Outcome(status=status, seconds=time.monotonic() - began, log=log)


def twice(
    project: Project, way: Way, store: str, images: Path, *, moved: bool = True
) -> tuple[Outcome, Outcome]:
    """Build on one machine and, with a source changed, on another, or on the same again."""
    with machine(store, images) as first:
        before = project.run(first, way)
        project.change()
        if not moved:
            return before, project.run(first, way)
    with machine(store, images) as second:
        return before, project.run(second, way)
