"""One layer's blob -> its entries, with a fingerprint of each file's content."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from xxhash import xxh3_128, xxh3_128_digest

from emit.errors import InputError
from emit.layers.chunks import Chunks, Stream
from emit.layers.inflate import inflate
from emit.layers.tar import Data, Member, members

#: The prefix of a whiteout, and what is no whiteout but AUFS' own: image-spec, layer.md.
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_META = ".wh..wh."
# What memory is spent on; a large image has 300 000 files with paths of 80 characters.
_MOST = 3_000_000  # members of all layers
_MOST_TEXT = 256 << 20  # characters of all paths and targets
_LONGEST = 4096  # Linux' PATH_MAX: no engine could make a longer one


class Meta(NamedTuple):
    """Mode, without the type, and owner."""

    mode: int
    uid: int
    gid: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A layer as it was read; `packed` and `unpacked` are the blob's sizes in bytes."""

    packing: str
    packed: int
    unpacked: int
    entries: list[Entry]


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
    entries = list(_entries(stream, room))
    stream.drain()
    return Scan(packing=packing, packed=packed, unpacked=stream.position, entries=entries)


def _entries(stream: Stream, room: Room) -> Iterator[Entry]:
    metas: dict[Meta, Meta] = {}
    for member, data in members(stream):
        room.take(member)
        path = normal(member.path)
        meta = Meta(member.mode, member.uid, member.gid)
        entry = _entry(path, member, data, metas.setdefault(meta, meta))
        if entry is not None:
            yield entry


def _entry(path: str, member: Member, data: Data, meta: Meta) -> Entry | None:
    folder, _, name = path.rpartition("/")
    if name.startswith(_WHITEOUT):
        return _whiteout(folder, name, meta)
    if member.type == "file":
        return Entry(path, "file", member.size, _fingerprint(data, member.size), meta, "")
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


def _fingerprint(data: Data, size: int) -> bytes:
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
