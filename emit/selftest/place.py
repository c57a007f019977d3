"""Where a script is run: a folder of its own for each run, and what came of it."""

from __future__ import annotations

import os
import shutil
import signal as signals
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from emit import external

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NOTED = 'echo $$ >../pid && exec "$@"'
_THERE = 'cd "$0" && exec env -i "$@"'


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
    """A run's folder, `name` below `shared`: out/ to run in, scratch/ as $TMPDIR."""

    shared: Path
    name: str
    shell: str = "sh"
    root: Path = field(init=False)

    def __post_init__(self) -> None:
        """Make the folders, for whoever may run there."""
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

    @abstractmethod
    def processes(self) -> list[str]:
        """Return the command lines of the processes that this folder's runs left behind."""

    @abstractmethod
    def sweep(self) -> None:
        """Kill them."""

    @abstractmethod
    def kill(self, signal: str, *, group: bool) -> None:
        """Send `signal` to what `started` runs, or (as ^C does) to all of its group."""

    def files(self) -> list[str]:
        """Return every file and folder of the run, sorted, by path from its folder."""
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
        """Run `argv` to its end; one that takes too long is killed, and TimeoutExpired raised."""
        began = time.monotonic()
        with external.session(self.command(argv, env or {}, user)) as process:
            try:
                stdout, stderr = process.communicate(timeout=timeout)
            except external.TimeoutExpired:
                self.sweep()
                raise
        return self.result(process.returncode, stdout, stderr, began)

    @contextmanager
    def started(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdout: IO[bytes] | None = None,
        stderr: IO[bytes] | None = None,
    ) -> Iterator[Started]:
        """Start `argv`, in a session of its own; it is killed if still there at the end."""
        began = time.monotonic()
        command = self.command(["sh", "-c", _NOTED, "sh", *argv], env or {}, "")
        with external.session(command, stdout=stdout, stderr=stderr) as process:
            try:
                yield Started(place=self, process=process, began=began)
            finally:
                if process.poll() is None:
                    self.kill("KILL", group=True)
                    self.sweep()
                    process.kill()

    @property
    def pid(self) -> int | None:
        """The process that `started` runs, once it is there."""
        noted = self.root / "pid"
        text = noted.read_text() if noted.exists() else ""
        return int(text) if text.endswith("\n") else None

    def result(self, status: int, stdout: bytes, stderr: bytes, began: float) -> Run:
        """Return what came of a command that began then."""
        return Run(
            status=status,
            stdout=stdout,
            stderr=stderr.decode(errors="replace"),
            files=self.files(),
            seconds=time.monotonic() - began,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A command that runs meanwhile."""

    place: Place
    process: external.Process
    began: float

    def finish(self, timeout: float = 30) -> Run:
        """Wait for its end."""
        stdout, stderr = self.process.communicate(timeout=timeout)
        (self.place.root / "pid").unlink()
        return self.place.result(self.process.returncode, stdout, stderr, self.began)


@dataclass(slots=True, kw_only=True)
class Host(Place):
    """This machine."""

    path: str = field(default_factory=lambda: os.environ.get("PATH", os.defpath))

    @property
    def scripts(self) -> str:
        """The folder of the scripts."""
        return str(self.shared)

    def command(self, argv: Sequence[str], env: Mapping[str, str], user: str) -> list[str]:
        """Return the command line that runs `argv` there, with nothing of our environment."""
        if user:
            raise NotImplementedError("this machine's commands run as whoever runs emit")
        given = {"TMPDIR": str(self.scratch), "PATH": self.path} | dict(env)
        pairs = ["=".join(pair) for pair in given.items()]
        program = shutil.which(argv[0]) or argv[0]
        return ["/bin/sh", "-c", _THERE, str(self.out), *pairs, program, *argv[1:]]

    def _pids(self) -> list[int]:
        """Return the processes whose environment names our folder; one not in /proc has ended."""
        mark = f"TMPDIR={self.scratch}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
        return found

    def processes(self) -> list[str]:
        """Return the command lines of the processes that this folder's runs left behind."""
        lines = []
        for pid in self._pids():
            with suppress(OSError):
                lines.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
        return lines

    def sweep(self) -> None:
        """Kill them."""
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signals.SIGKILL)

    def kill(self, signal: str, *, group: bool) -> None:
        """Send `signal` to what `started` runs, or to all of its group."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.pid, signals.Signals[f"SIG{signal}"])
