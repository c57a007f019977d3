"""Files with managed blocks, beside emit.toml and emit.lock: what is stale, what is new."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from emit.assets.config import Config
from emit.assets.lockfile import Pins, locked
from emit.errors import ConfigError, EmitError, UsageError
from emit.managed import Block, find_blocks, replace_blocks, wrap

#: Where blocks are looked for unless emit.toml or the command line says so.
USUAL = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile")

_URL = re.compile(r"https?://[^\s'\"]+")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A block that is not what emit writes: why, and the whole text that is wanted."""

    block: Block
    why: str
    wanted: str

    def difference(self) -> list[str]:
        """Return the unified diff from what is there to what is wanted, between the comments."""
        old = self.block.text.replace("\r\n", "\n").splitlines(keepends=True)
        new = self.wanted.splitlines(keepends=True)[1:-1]
        return list(difflib.unified_diff(old, new, self.block.place, "emit"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file, its text as it is, and its blocks."""

    file: Path
    text: str
    blocks: tuple[Block, ...]


def files_of(config: Config, given: Sequence[str]) -> list[Path]:
    """Return the files that may hold blocks: those given, else those of emit.toml, or usual."""
    if given:
        return [Path(name) for name in given]
    folder = config.file.parent
    found: list[Path] = []
    for pattern in config.files or USUAL:
        matching = sorted(file for file in folder.glob(pattern) if file.is_file())
        if config.files and not matching:
            raise ConfigError(f"{config.file}: files: there is no {folder / pattern}")
        found += [file for file in matching if file not in found]
    return found


def read_document(file: Path) -> Document:
    """Return a file and its blocks; raises ConfigError."""
    try:
        text = file.read_bytes().decode(errors="surrogateescape")
    except FileNotFoundError:
        raise UsageError(f"there is no {file}") from None
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error
    return Document(file=file, text=text, blocks=tuple(find_blocks(text, str(file))))


def stale(document: Document, config: Config, pins: Pins) -> list[Stale]:
    """Return the blocks that are to be written anew; raises EmitError with their place."""
    return [found for block in document.blocks for found in _stale(block, config, pins)]


def _stale(block: Block, config: Config, pins: Pins) -> Iterator[Stale]:
    try:
        asset = config.asset(block.name)
        wanted = wrap(asset, locked(asset, pins), block.look)
    except EmitError as error:
        raise type(error)(f"{block.place}: {error}") from error
    inside = "".join(wanted.splitlines(keepends=True)[1:-1])
    if block.edited:
        yield Stale(block=block, why=_edit(block.text, inside), wanted=wanted)
    elif block.text.replace("\r\n", "\n") != inside:
        why = "is not what emit.lock says" if block.text.strip() else "is empty"
        yield Stale(block=block, why=why, wanted=wanted)


def _edit(old: str, new: str) -> str:
    """Tell the edit that is dangerous from any other: a URL without its digest."""
    if {*_URL.findall(old)} != {*_URL.findall(new)} and _digests(old) == _digests(new):
        return "was edited by hand: the URL was changed without its digest"
    return "was edited by hand"


def _digests(text: str) -> set[str]:
    return {*_DIGEST.findall(text)}


def synced(document: Document, found: Sequence[Stale]) -> str:
    """Return the text of a file with these blocks written anew."""
    return replace_blocks(document.text, [(each.block, each.wanted) for each in found])
