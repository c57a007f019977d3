"""Managed blocks: what stands between two comments that name an asset is emit's to write.

    # emit: begin jq --style run
    …
    # emit: end jq 0123456789abcdef

The hexadecimal word is of the text between: a hand edit is seen, and never lost silently.
"""

import argparse
import hashlib
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from emit.assets.lockfile import Pin
from emit.assets.spec import Asset
from emit.errors import ConfigError, UsageError
from emit.snippet import PARTS, STYLES, Look, snippet

_BEGIN = re.compile(r"[ \t]*# emit: begin (?P<options>.*?)\s*")
_END = re.compile(r"[ \t]*# emit: end (?P<name>\S+)(?: (?P<digest>\S+))?\s*")
_ANY = re.compile(r"[ \t]*# emit: (begin|end)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block as it stands: `first` and `last` are the lines of its comments, from 1.

    `text` is what is between, line ends and all; `digest` what its last line says of it.
    """

    file: str
    first: int
    last: int
    name: str
    look: Look
    text: str
    digest: str

    @property
    def place(self) -> str:
        """Read as `Dockerfile:12`."""
        return f"{self.file}:{self.first}"

    @property
    def edited(self) -> bool:
        """Whether the text is not the one that emit wrote; an empty new block is nobody's."""
        plain = self.text.replace("\r\n", "\n")
        return bool(plain.strip()) and fingerprint(plain) != self.digest


def fingerprint(text: str) -> str:
    """Return the 16 hexadecimal digits that stand for a block's text."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]


def wrap(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    """Return a whole block: the comments, and between them the snippet."""
    text = snippet(asset, pins, look)
    return (
        f"# emit: begin {asset.name} {look}\n{text}# emit: end {asset.name} {fingerprint(text)}\n"
    )


def find_blocks(text: str, file: str) -> list[Block]:
    """Return the blocks of a file in their order.

    Raises ConfigError where a comment has no partner, or says what cannot be understood.
    """
    lines = text.split("\n")
    blocks, first = [], 0
    for number, line in enumerate(lines, 1):
        found = _ANY.match(line)
        if found is None:
            continue
        if (found[1] == "begin") == bool(first):
            other = f"the block of line {first} has no end" if first else "it ends no block"
            raise ConfigError(f"{file}:{number}: {line.strip()!r}: {other}")
        if found[1] == "begin":
            first = number
            continue
        blocks.append(_block(file, lines, first, number))
        first = 0
    if first:
        raise ConfigError(
            f"{file}:{first}: {lines[first - 1].strip()!r}: there is no `# emit: end`"
        )
    return blocks


def _block(file: str, lines: Sequence[str], first: int, last: int) -> Block:
    begin, end = _BEGIN.fullmatch(lines[first - 1]), _END.fullmatch(lines[last - 1])
    name, look = _options(f"{file}:{first}", begin["options"] if begin else "")
    if end is None or end["name"] != name:
        raise ConfigError(f"{file}:{last}: {lines[last - 1].strip()!r}: want `# emit: end {name}`")
    text = "".join(f"{line}\n" for line in lines[first : last - 1])
    return Block(
        file=file, first=first, last=last, name=name, look=look, text=text,
        digest=end["digest"] or "",
    )  # fmt: skip


class _Words(argparse.ArgumentParser):
    """The options of `emit snippet`, in a comment."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _options(place: str, text: str) -> tuple[str, Look]:
    parser = _Words(add_help=False, allow_abbrev=False)
    parser.add_argument("name")
    parser.add_argument("--style", choices=STYLES, default="run")
    parser.add_argument("--part", choices=PARTS, default="")
    parser.add_argument("--resume", action="store_true")
    try:
        given = parser.parse_args(shlex.split(text))
        look = Look(style=given.style, part=given.part, resume=given.resume)
    except (UsageError, ValueError) as error:
        raise ConfigError(f"{place}: {error}; want `# emit: begin NAME [--style run]`") from error
    if look.style == "add" and not look.part:
        raise ConfigError(f"{place}: --style add needs --part stages or --part use: two blocks")
    return given.name, look


def replace_blocks(text: str, new: Sequence[tuple[Block, str]]) -> str:
    """Return the file with what is between the comments, and the last one, written anew.

    Every other byte stays: a block's line ends are those of its first line.
    """
    lines = text.split("\n")
    for block, wrapped in reversed(new):
        end = "\r" if lines[block.first - 1].endswith("\r") else ""
        inside = [f"{line}{end}" for line in wrapped.split("\n")[1:-1]]
        lines[block.first : block.last] = inside
    return "\n".join(lines)


def looks(look: Look) -> Iterator[Look]:
    """Yield the blocks that a look is made of: of --style add there are two."""
    if look.style == "add" and not look.part:
        for part in PARTS:
            yield Look(style=look.style, part=part)
    else:
        yield look
