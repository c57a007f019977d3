"""One layer's blob -> its entries, with a fingerprint of each file's content."""

import math
import posixpath
from dataclasses import dataclass
from typing import NamedTuple

from xxhash import xxh3_128, xxh3_128_digest

from emit.errors import InputError
from emit.layers.chunks import Chunks, FileStream, Stream
from emit.layers.inflate import inflate
from emit.layers.tar import Member, Meta, members

#: The prefix of a whiteout, and what is no whiteout but AUFS' own: image-spec, layer.md.
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_META = ".wh..wh."
# What memory is spent on; a large image has 300 000 files with paths of 80 characters.
_MOST = 3_000_000  # members of all layers
_MOST_TEXT = 256 << 20  # characters of all paths and targets
BIG = 1 << 20  # bytes of a file that is worth a second look, and no reading at once
_LONGEST = 4096  # Linux' PATH_MAX: no engine could make a longer one


class Entry(NamedTuple):
    """What a layer says of one path.

    `kind` is a tar type, or `whiteout` (the path goes), or `opaque` (all below it goes).
    `path` has no slash at either end; the root is the empty string. `print` is the content's
    fingerprint, empty where there is no content. `target` is where a link points.
    """

    path: str
    kind: str
    size: int
    print: bytes
    meta: Meta
    target: str


class Later(NamedTuple):
    """A file that was passed over: its number among the entries, its place in the layer, bytes."""

    number: int
    at: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A layer as it was read; `packed` and `unpacked` are the blob's sizes in bytes."""

    packing: str
    packed: int
    unpacked: int
    entries: list[Entry]
    later: list[Later]


class Room:
    """How many members, in how many characters, there may yet be in all layers of an archive.

    Threads share it without a lock: it is a guard, and need not be exact.
    """

    __slots__ = ("_members", "_text")

    def __init__(self) -> None:
        """Begin with all of it."""
        self._members = _MOST
        self._text = _MOST_TEXT

    def take(self, member: Member) -> None:
        """Take the room of one member; raises InputError where there is none left."""
        self._members -= 1
        self._text -= len(member.path) + len(member.target)
        if self._members < 0 or self._text < 0:
            raise InputError(f"its list of files is too long: all layers may have {_MOST} at most")


def scan(chunks: Chunks, room: Room) -> Scan:
    """Read a layer to its end; raises InputError."""
    packed = 0

    def counted() -> Chunks:
        nonlocal packed
        for chunk in chunks:
            packed += len(chunk)
            yield chunk

    packing, plain = inflate(counted())
    stream = Stream(plain)
    entries, later = _entries(stream, room, math.inf)
    stream.drain()
    return Scan(
        packing=packing, packed=packed, unpacked=stream.position, entries=entries, later=later
    )


def scan_at_will(stream: FileStream, room: Room) -> Scan:
    """Read a plain layer that can be read again: its big files are left for later.

    Until they are read, each has a fingerprint that is equal to that of no other length.
    """
    entries, later = _entries(stream, room, BIG)
    stream.drain()
    size = stream.position
    return Scan(packing="plain", packed=size, unpacked=size, entries=entries, later=later)


def _entries(stream: Stream, room: Room, big: float) -> tuple[list[Entry], list[Later]]:
    """Return the entries, and which of them have `big` bytes or more, and were not read."""
    entries: list[Entry] = []
    later: list[Later] = []
    for member, data in members(stream):
        room.take(member)
        path = normal(member.path)
        content = b""
        if member.type == "file":
            passed = member.stored == member.size >= big
            content = member.size.to_bytes(16) if passed else fingerprint(data, member.size)
            if passed:
                later.append(Later(len(entries), stream.position, member.size))
        entry = _entry(path, member, content)
        if entry is not None:
            entries.append(entry)
    return entries, later


def _entry(path: str, member: Member, content: bytes) -> Entry | None:
    meta = member.meta
    if _WHITEOUT in path:
        folder, _, name = path.rpartition("/")
        if name.startswith(_WHITEOUT):
            return _whiteout(folder, name, meta)
    if member.type == "file":
        return Entry(path, "file", member.size, content, meta, "")
    target = normal(member.target) if member.type == "link" else member.target
    return Entry(path, member.type, 0, b"", meta, target)


def _whiteout(folder: str, name: str, meta: Meta) -> Entry | None:
    if name == _OPAQUE:
        return Entry(folder, "opaque", 0, b"", meta, "")
    if name.startswith(_META):
        return None
    gone = name.removeprefix(_WHITEOUT)
    if gone in ("", ".", ".."):
        raise InputError(f"its whiteout {name!r} names no file")
    return Entry(f"{folder}/{gone}" if folder else gone, "whiteout", 0, b"", meta, "")


def fingerprint(data: Chunks, size: int) -> bytes:
    """Return 128 bits of XXH3: to tell contents apart, not to stand up to a forger."""
    if not size:
        return b""
    first = next(data, b"")
    if len(first) == size:
        return xxh3_128_digest(first)
    whole = xxh3_128(first)
    for piece in data:
        whole.update(piece)
    return whole.digest()


def normal(path: str) -> str:
    """Return a member's path from the root on; raises InputError where it leaves the image."""
    if len(path) > _LONGEST:
        raise InputError(f"its member {path[:40] + '…'!r} has a path of {len(path)} characters")
    if "\0" in path or (".." in path and ".." in path.split("/")):
        raise InputError(f"its member {path!r} leaves the image; no engine would load it")
    if "//" in path or "/." in path or path[:1] in "./":
        path = posixpath.normpath("/" + path).lstrip("/")
    return path.rstrip("/")
