"""Where a script is run: a folder of its own for each test, and what came of it."""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of a command: its status, its words, the files there are then."""

    status: int
    stdout: bytes
    stderr: str
    files: list[str]
    seconds: float


@dataclass(slots=True, kw_only=True)
class Place(ABC):
    """A test's folder, `name` below `shared`: out/ to run in, scratch/ as $TMPDIR."""

    shared: Path
    name: str
    shell: str = "sh"
    root: Path = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.shared / self.name
        for folder in (self.out, self.scratch):
            folder.mkdir(parents=True)
            folder.chmod(0o1777)

    @property
    def out(self) -> Path:
        """The folder the command runs in."""
        return self.root / "out"

    @property
    def scratch(self) -> Path:
        """The command's $TMPDIR."""
        return self.root / "scratch"

    @property
    @abstractmethod
    def scripts(self) -> str:
        """The folder of the scripts, as the command sees it."""

    @abstractmethod
    def command(self, argv: Sequence[str], env: Mapping[str, str], user: str) -> list[str]:
        """Return the command line that runs `argv` there, as the host can start it."""

    @property
    @abstractmethod
    def verifies(self) -> bool:
        """Whether its client checks certificates."""

    @abstractmethod
    def processes(self) -> list[str]:
        """Return the command lines of the processes that this test's runs left behind."""

    @abstractmethod
    def sweep(self) -> None:
        """Kill whatever runs on after a command that took too long."""

    def files(self) -> list[str]:
        """Return every file and folder of the test, sorted, by path from its folder."""
        found = (path.relative_to(self.root) for path in self.root.rglob("*"))
        return sorted(str(path) for path in found if str(path) not in {"out", "scratch"})

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        timeout: float = 30,
        user: str = "",
    ) -> Run:
        """Run `argv` to its end."""
        began = time.monotonic()
        command = self.command(argv, env or {}, user)
        try:
            done = subprocess.run(command, capture_output=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            self.sweep()
            raise
        return self.result(done.returncode, done.stdout, done.stderr, began)

    def result(self, status: int, stdout: bytes, stderr: bytes, began: float) -> Run:
        """Return what came of a command that began then."""
        return Run(
            status=status,
            stdout=stdout,
            stderr=stderr.decode(errors="replace"),
            files=self.files(),
            seconds=time.monotonic() - began,
        )
