"""What parses and yet does not build: the rules of BuildKit's instructions package.

Flags are not judged: each frontend brings new ones.
"""

import difflib
import re
from collections.abc import Callable, Iterator

from emit.dockerfile.heredoc import opening
from emit.dockerfile.lexer import LexError
from emit.dockerfile.model import Dockerfile, Instruction
from emit.dockerfile.parse import KEYWORDS
from emit.dockerfile.text import valid
from emit.errors import DockerfileError

STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")

_LONE = 1  # FROM image
_NAMED = 3  # FROM image AS name
_SHOWN = 40  # characters of what may be no text at all
_NOT_TRIGGERED = frozenset({"FROM", "MAINTAINER", "ONBUILD"})


def validate(dockerfile: Dockerfile) -> None:
    """Raise DockerfileError for the first line that BuildKit would refuse."""
    staged = False
    for instruction in dockerfile.instructions:
        for message in _wrong(instruction):
            raise DockerfileError(message, file=dockerfile.file, line=instruction.line)
        staged = staged or instruction.keyword == "FROM"
        if not staged and instruction.keyword != "ARG":
            raise DockerfileError(
                f"{instruction.keyword} stands before the first FROM, where only ARG may; "
                "put it below",
                file=dockerfile.file,
                line=instruction.line,
            )
    if not staged:
        last = dockerfile.instructions[-1].line
        raise DockerfileError("there is no FROM; add one", file=dockerfile.file, line=last)


def _wrong(instruction: Instruction) -> Iterator[str]:
    keyword = instruction.keyword
    if keyword not in KEYWORDS:
        yield _unknown(instruction.written)
    elif keyword in {"ENV", "LABEL", "ARG"}:
        yield from _pairs(instruction)
    elif keyword in _CHECKS:
        yield from _CHECKS[keyword](instruction)


def _unknown(written: str) -> str:
    near = difflib.get_close_matches(written.upper(), KEYWORDS, n=1)
    hint = f"did you mean {near[0]}?" if near else "does the line before it lack a backslash?"
    shown = valid(written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…")
    return f"there is no instruction {shown!r}; {hint}"


def _pairs(instruction: Instruction) -> Iterator[str]:
    keyword = instruction.keyword
    if not instruction.pairs:
        yield f"{keyword} needs at least one argument; write {keyword} name=value"
    elif not all(pair.key for pair in instruction.pairs):
        yield f"{keyword} has a value without a name; write {keyword} name=value"


def _from(instruction: Instruction) -> Iterator[str]:
    args = instruction.args
    if len(args) == _NAMED and args[1].lower() == "as":
        if not STAGE_NAME.fullmatch(args[2].lower()):
            yield (
                f"{args[2]!r} cannot name a stage; begin with a letter, "
                "go on with letters, digits, - _ and ."
            )
    elif len(args) != _LONE:
        yield "FROM takes one argument or three; write FROM image or FROM image AS name"


def _files(instruction: Instruction) -> Iterator[str]:
    if len(instruction.args) < 2:  # noqa: PLR2004 - a source and a destination
        yield f"{instruction.keyword} needs a source and a destination; add what is missing"
        return
    try:
        heredoc = opening(instruction.args[-1])
    except LexError:
        return
    if heredoc is not None:
        yield f"{instruction.keyword} cannot copy to a here-document; add a destination"


def _one(instruction: Instruction) -> Iterator[str]:
    if len(instruction.args) != 1:
        yield f"{instruction.keyword} needs exactly one argument; add it"


def _some(instruction: Instruction) -> Iterator[str]:
    if not instruction.args:
        yield f"{instruction.keyword} needs at least one argument; add it"
    elif instruction.keyword == "VOLUME" and not all(map(str.strip, instruction.args)):
        yield "VOLUME has an empty path; name one"


def _shell(instruction: Instruction) -> Iterator[str]:
    if not (instruction.exec_form and instruction.args):
        yield 'SHELL needs a JSON array; write SHELL ["/bin/sh", "-c"]'


def _health(instruction: Instruction) -> Iterator[str]:
    kind, *command = instruction.args or ("",)
    if kind.upper() == "NONE":
        if command:
            yield "HEALTHCHECK NONE takes no arguments; remove them"
    elif kind.upper() != "CMD":
        yield "HEALTHCHECK is followed by CMD or NONE; write HEALTHCHECK CMD command"
    elif not command:
        yield "HEALTHCHECK CMD needs a command; add it"


def _onbuild(instruction: Instruction) -> Iterator[str]:
    trigger = instruction.trigger
    if trigger is None:
        yield "ONBUILD needs an instruction; add it"
    elif trigger.keyword in _NOT_TRIGGERED:
        yield f"ONBUILD cannot trigger {trigger.keyword}; remove the line"


_CHECKS: dict[str, Callable[[Instruction], Iterator[str]]] = {
    "FROM": _from,
    **dict.fromkeys(("ADD", "COPY"), _files),
    **dict.fromkeys(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), _one),
    **dict.fromkeys(("EXPOSE", "VOLUME"), _some),
    "SHELL": _shell,
    "HEALTHCHECK": _health,
    "ONBUILD": _onbuild,
}
