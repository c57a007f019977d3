"""A container of an image, and scripts run in it, each in a folder of its own."""

from __future__ import annotations

import os
import shlex
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from emit import external
from emit.errors import ToolError
from emit.selftest.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SHARED = "/work"
SMALL = "/small"  # a disk of 1 MiB
_DONE = "emit: done"  # no command line that is asked for is that
_FOREVER = "2147483647"
_START = 300  # seconds, in which the image may have to be pulled


class Errands:
    """A shell of root's that stays in a container: to ask it is much cheaper than an exec."""

    def __init__(self, shell: external.Process) -> None:
        """Send it into `shell`."""
        self._lock = threading.Lock()
        self._asks = cast("IO[bytes]", shell.stdin)
        self._told = cast("IO[bytes]", shell.stdout)

    def __call__(self, *argv: str) -> str:
        """Return what a command prints, whatever its status; raises ToolError at its end."""
        with self._lock, suppress(BrokenPipeError):
            self._asks.write(f"{shlex.join(argv)} </dev/null; echo {_DONE}\n".encode())
            self._asks.flush()
            told = b""
            while line := self._told.readline():
                if line.decode(errors="replace") == f"{_DONE}\n":
                    return told.decode(errors="replace")
                told += line
        raise ToolError("the container has ended: was it stopped?")


@dataclass(slots=True, kw_only=True)
class Container(Place):
    """A folder of one run in a container."""

    container: str
    errands: Errands | None = None

    @property
    def scripts(self) -> str:
        """The folder of the scripts, as the container sees it."""
        return SHARED

    def command(self, argv: Sequence[str], env: Mapping[str, str], user: str) -> list[str]:
        """Return the engine's command line that runs `argv` in the container."""
        here = f"{SHARED}/{self.name}"
        given = {"TMPDIR": f"{here}/scratch"} | dict(env)
        options = [option for pair in given.items() for option in ("-e", "=".join(pair))]
        options += ["-u", user] if user else []
        return _exec("-w", f"{here}/out", *options, self.container, *argv)

    def kill(self, signal: str, *, group: bool) -> None:
        """Send `signal` to what `started` runs, or to all of its group."""
        target = f"-{self.pid}" if group else str(self.pid)
        if self.pid is not None:
            self._as_root("kill", f"-{signal}", "--", target)

    def processes(self) -> list[str]:
        """Return the command lines of the processes that this folder's runs left behind."""
        return self._each_process('tr "\\0" " " <"${e%environ}cmdline"; echo')

    def sweep(self) -> None:
        """Kill them."""
        self._each_process('e=${e%/environ}; kill -9 "${e#/proc/}"')

    def _each_process(self, what: str) -> list[str]:
        mark = f"TMPDIR={SHARED}/{self.name}/scratch"
        look = f'for e in $(grep -sl "$1" /proc/[0-9]*/environ); do {what}; done'
        return self._as_root("sh", "-c", look, "sh", mark).splitlines()

    def _as_root(self, *argv: str) -> str:
        if self.errands is not None:
            return self.errands(*argv)
        _, said = external.ask_engine("exec", "-u", "0", self.container, *argv)
        return said


def _exec(*arguments: str) -> list[str]:
    """Return the command line of the engine's exec."""
    return [external.engine() or "docker", "exec", *arguments]


@contextmanager
def container(image: str, shared: Path) -> Iterator[tuple[str, Errands]]:
    """Give an idle container of IMAGE on the host's network, which sees `shared` as /work.

    Raises ToolError where there is no engine, or where it cannot start one.
    """
    options = ("--rm", "--init", "--network", "host", "--entrypoint", "sleep")
    whose = ("--user", f"{os.getuid()}:{os.getgid()}", "-e", f"HOME={SHARED}")
    disks = ("-v", f"{shared}:{SHARED}", "--tmpfs", f"{SMALL}:size=1m,mode=1777")
    name = f"emit-selftest-{os.getpid()}-{os.urandom(4).hex()}"
    status, said = external.ask_engine(
        *("run", "-d", "--name", name, *options, *whose, *disks, image, _FOREVER), timeout=_START
    )
    try:
        if status:
            raise ToolError(f"cannot run a container of {image}: {_last(said)}")
        with external.session(_exec("-i", "-u", "0", name, "sh"), stdin=True) as shell:
            try:
                yield name, Errands(shell)
            finally:
                shell.kill()
    finally:
        external.ask_engine("rm", "-f", name)


def _last(said: str) -> str:
    """Return the last line that says something of it; docker ends with where to read on."""
    lines = [line for line in said.splitlines() if line.strip() and "--help" not in line]
    return lines[-1].strip() if lines else "it says nothing"
