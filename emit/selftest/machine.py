"""The shells that a script is run under: this machine's, or one in a container."""

from __future__ import annotations

import itertools
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emit.errors import UsageError
from emit.selftest.container import Container, Errands, container
from emit.selftest.place import Host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emit.selftest.case import Case
    from emit.selftest.place import Place

SHELLS = ("dash", "bash", "mksh", "yash", "busybox sh")
SCRIPT = "script.sh"


@dataclass(frozen=True, slots=True)
class Script:
    """What is tested: a file that takes -o OUT -u URL -P N, or a command in a string."""

    name: str
    text: bytes = b""
    command: str = ""

    def offers(self) -> frozenset[str]:
        """Return what a command offers: it names the variables that it takes."""
        named = {"DIGEST": "-s", "HEADER": "-H", "MIRROR": "mirrors"}
        return frozenset(option for name, option in named.items() if name in self.command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One shell in one system."""

    shared: Path
    shell: str
    image: str = ""
    container: str = ""
    errands: Errands | None = None
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def name(self) -> str:
        """What the table calls it."""
        shell = self.shell if self.shell != "sh" or not self.image else ""
        return " ".join(filter(None, [self.image, shell]))

    def place(self, name: str) -> Place:
        """Return a fresh folder to run something in."""
        unique = f"{name}-{next(self.numbers)}-{id(self)}"
        if self.container:
            return Container(
                shared=self.shared, name=unique, container=self.container, errands=self.errands
            )
        return Host(shared=self.shared, name=unique)

    def argv(self, script: Script, place: Place, options: list[str]) -> list[str]:
        """Return the command line that runs the script, or the command, in a place."""
        if script.command:
            return [*self.shell.split(), "-c", script.command]
        return [*self.shell.split(), f"{place.scripts}/{SCRIPT}", *options]

    def lacks(self, case: Case) -> str:
        """Return what the case needs of a machine and this one has not."""
        return "small disk" if case.small and not self.container else ""


@contextmanager
def machines(
    shared: Path, images: tuple[str, ...], shells: tuple[str, ...]
) -> Iterator[list[Machine]]:
    """Give every shell asked for, in every image; without images, this machine's own.

    Raises UsageError for a shell that is not here, ToolError for a container that does
    not start.
    """
    here: list[tuple[str, str, Errands | None]]
    with ExitStack() as stack:
        if images:
            here = [(image, *stack.enter_context(container(image, shared))) for image in images]
        else:
            here = [("", "", None)]
            shells = shells or tuple(filter(_present, SHELLS)) or ("sh",)
            missing = [shell for shell in shells if not _present(shell)]
            if missing:
                raise UsageError(
                    f"there is no {missing[0]} here: leave out --shell for those that are"
                )
        yield [
            Machine(shared=shared, shell=shell, image=image, container=name, errands=errands)
            for image, name, errands in here
            for shell in shells or ("sh",)
        ]


def _present(shell: str) -> bool:
    return shutil.which(shell.split(maxsplit=1)[0]) is not None
