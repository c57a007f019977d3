"""A Dockerfile as data: its lines, and what BuildKit reads in them.

Lines are counted from 1, offsets from 0. Nothing here is ever printed back: text that is to
be kept is taken from `Dockerfile.lines`, by the line spans of its instructions.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A parser directive: `# syntax=...`, `# escape=...` or `# check=...`."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heredoc:
    """A here-document of RUN, COPY or ADD; its body is raw, with its tabs and line ends.

    `line` is the first line of the body, `end` the line of the terminator.
    """

    name: str
    descriptor: int
    expand: bool
    chomp: bool
    content: str
    line: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """`--name=value` before the arguments, unquoted; the value is None where there is no `=`.

    `start` and `end` delimit it in the logical line.
    """

    name: str
    value: str | None
    start: int
    end: int

    def __str__(self) -> str:
        """Read as BuildKit keeps it."""
        return f"--{self.name}" if self.value is None else f"--{self.name}={self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A name and its value in ENV, LABEL or ARG, still quoted and unexpanded.

    The value is None for `ARG name`. `start` and `end` delimit both in the logical line.
    """

    key: str
    value: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a logical line: its offset there, and the line and column it stands at."""

    offset: int
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction, on the lines `line` to `end`, here-documents and all.

    `logical` is its text with the continued lines joined; the offsets of flags, pairs and
    words count in it. `rest` is what follows keyword and flags, trimmed, from offset `start`.
    `args` are the words BuildKit reads there: one for a shell form, all of them for an exec
    form (`exec_form`) and for lists. `spans` are their offsets, where they have any.
    ENV, LABEL and ARG have `pairs`; `legacy` is `ENV name value`. ONBUILD has its `trigger`.
    """

    keyword: str
    written: str
    flags: tuple[Flag, ...]
    rest: str
    start: int
    args: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    exec_form: bool = False
    pairs: tuple[Pair, ...] = ()
    legacy: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    trigger: "Instruction | None" = None
    logical: str
    pieces: tuple[Piece, ...]
    line: int
    end: int

    def flag(self, name: str) -> str | None:
        """Return the value of the last flag of that name, None where there is none."""
        values = self.flag_values(name)
        return values[-1] if values else None

    def flag_values(self, name: str) -> list[str]:
        """Return the values of all flags of that name, in order."""
        return [flag.value or "" for flag in self.flags if flag.name == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dockerfile:
    """A parsed Dockerfile. `"".join(lines)` is the text it was made of, BOM and all.

    `empty` are the lines without text inside continued instructions, which BuildKit warns of.
    """

    file: str
    lines: tuple[str, ...]
    directives: tuple[Directive, ...]
    escape: str
    instructions: tuple[Instruction, ...]
    empty: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The text, byte for byte what was parsed (`text.encode` makes it bytes again)."""
        return "".join(self.lines)

    def between(self, first: int, last: int) -> str:
        """Return the lines `first` to `last`, both included, as they stand."""
        return "".join(self.lines[first - 1 : last])

    def walk(self) -> Iterator[Instruction]:
        """Yield every instruction, and the triggers of ONBUILD after their ONBUILD."""
        for instruction in self.instructions:
            yield instruction
            if instruction.trigger is not None:
                yield instruction.trigger
