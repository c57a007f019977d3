"""Members of a tar stream: ustar, GNU and pax headers. Nothing is extracted, all is bounded.

Why not tarfile: it holds whatever a pax header says its size is in memory, and takes three
times as long a member. The formats: POSIX.1-2024 pax, and GNU tar's manual, "Tar Internals".
"""

import functools
from collections.abc import Iterator
from typing import NamedTuple
from zlib import adler32

from emit.errors import InputError
from emit.layers.chunks import Stream

BLOCK = 512
_ZERO = bytes(BLOCK)
_BIGGEST = 1 << 63  # bytes of a file, as Linux counts them
_LONGEST = 1 << 20  # bytes of an extended header: paths and attributes, not files
_TYPES = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"S": "file",
    b"1": "link",
    b"2": "symlink",
    b"3": "char",
    b"4": "block",
    b"5": "dir",
    b"6": "fifo",
}
_SPARSE = (b"GNU.sparse.name", b"GNU.sparse.realsize", b"GNU.sparse.size")
_KEYS = frozenset({b"path", b"linkpath", b"size", b"uid", b"gid", *_SPARSE})
_DATALESS = frozenset({"link", "symlink", "char", "block", "dir", "fifo"})


class Meta(NamedTuple):
    """Mode, without the type, and owner."""

    mode: int
    uid: int
    gid: int


class Member(NamedTuple):
    """One member; `size` is the file's, in bytes, and 0 for all that is no file.

    `stored` bytes of data follow; a sparse file's are fewer than its size.
    """

    path: str
    type: str
    size: int
    meta: Meta
    target: str
    stored: int


Data = Iterator[memoryview]


def members(stream: Stream) -> Iterator[tuple[Member, Data]]:
    """Yield each member and its bytes, which need not be read.

    Raises InputError on a broken or truncated archive.
    """
    extra: dict[str, str] = {}
    while (block := stream.exactly(BLOCK)) and block != _ZERO:
        if len(block) < BLOCK or adler32(block) & 0xFFFF != _adler(block[148:156]):
            raise _damaged(block, stream)
        kind = block[156:157]
        size = _number(block[124:136])
        if kind in b"xgLK":
            extra |= _extended(kind, size, stream)
            continue
        if kind == b"S":
            extra |= _sparse(block, stream)
        member = _member(block, kind, size, extra)
        extra = {}
        end = stream.position + member.stored
        yield member, stream.pieces(member.stored)
        if not stream.skip(end + -member.stored % BLOCK - stream.position):
            raise _cut(stream, repr(member.path))


def is_header(block: bytes) -> bool:
    """Tell the first block of a tar archive, an empty archive's too, by its checksum."""
    return len(block) == BLOCK and (
        block == _ZERO or adler32(block) & 0xFFFF == _adler(block[148:156])
    )


def _damaged(block: bytes, stream: Stream) -> InputError:
    if len(block) < BLOCK:
        return _cut(stream, "a header")
    place = stream.position - BLOCK
    return InputError(f"no tar header at byte {place}, where one must be; is it damaged?")


@functools.lru_cache(maxsize=4096)  # the sums of neighbours are near each other
def _adler(field: bytes) -> int:
    """Return the lower half of Adler-32 of a block with this checksum.

    It is 1 + the sum of all bytes modulo 65521 (RFC 1950), and comes ten times sooner than sum().
    A checksum counts its own field as blanks.
    """
    wanted = _digits(field)
    return -1 if wanted is None else (1 + wanted - 8 * 32 + sum(field)) % 65521


def _cut(stream: Stream, what: str) -> InputError:
    return InputError(f"it ends at byte {stream.position}, inside {what}; is it a whole copy?")


def _digits(field: bytes) -> int | None:
    text = field.strip(b" \0")
    try:
        return int(text, 8) if text else 0
    except ValueError:
        return None


@functools.lru_cache(maxsize=4096)
def _number(field: bytes) -> int:
    """Return an octal field, or GNU's base 256 where the first bit is set."""
    if field[0] & 0x80:
        number = int.from_bytes(field, "big") & ~(0x80 << 8 * (len(field) - 1))
        return -1 if field[0] & 0x40 else number
    octal = _digits(field)
    if octal is None:
        octal = _digits(field.partition(b"\0")[0])
    return -1 if octal is None else octal


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _member(block: bytes, kind: bytes, size: int, extra: dict[str, str]) -> Member:
    path = extra.get("path") or _path(block) if extra else _path(block)
    type_ = _TYPES.get(kind, "other")
    if type_ == "file" and kind == b"\0" and path.endswith("/"):
        type_ = "dir"
    target = _text(block[157:257]) if block[157] else ""
    if type_ in _DATALESS:
        size = 0
    member = Member(path, type_, size, _meta(block[100:124]), target, size)
    if extra:
        member = _amended(member, extra)
    if member.stored < 0 or not 0 <= member.size <= _BIGGEST:
        raise InputError(f"the size of {path[:40]!r} is none that a file can have")
    return member


def _amended(member: Member, extra: dict[str, str]) -> Member:
    """Return the member as its extended headers have it."""
    size = member.size
    if "size" in extra and member.type not in _DATALESS:
        size = _decimal(extra["size"])
    real = extra.get("GNU.sparse.realsize") or extra.get("GNU.sparse.size")
    return Member(
        path=extra.get("GNU.sparse.name") or member.path,
        type=member.type,
        size=_decimal(real) if real and member.type == "file" else size,
        meta=Meta(
            member.meta.mode,
            _decimal(extra["uid"]) if "uid" in extra else member.meta.uid,
            _decimal(extra["gid"]) if "gid" in extra else member.meta.gid,
        ),
        target=extra.get("linkpath") or member.target,
        stored=size,
    )


@functools.lru_cache(maxsize=256)  # most files have the owner and mode of their neighbours
def _meta(fields: bytes) -> Meta:
    return Meta(_number(fields[:8]) & 0o7777, _number(fields[8:16]), _number(fields[16:]))


def _path(block: bytes) -> str:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345]:
        return f"{_text(block[345:500])}/{name}"
    return name


def _decimal(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"a pax header has {text[:40]!r} where a number must be") from None


def _extended(kind: bytes, size: int, stream: Stream) -> dict[str, str]:
    """Read a header that speaks of the next member: pax (x), GNU long name (L) or link (K)."""
    if not 0 <= size <= _LONGEST:
        raise InputError(
            f"a header at byte {stream.position} is {size} bytes long; no tool does so"
        )
    data = stream.exactly(size)
    if len(data) < size or not stream.skip(-size % BLOCK):
        raise _cut(stream, "a header")
    if kind == b"L":
        return {"path": _text(data)}
    if kind == b"K":
        return {"linkpath": _text(data)}
    return _pax(data) if kind == b"x" else {}


def _pax(data: bytes) -> dict[str, str]:
    """Return the records: LENGTH KEY=VALUE and a newline; the length counts them all."""
    records: dict[str, str] = {}
    at = 0
    while at < len(data) and data[at]:
        digits, blank, _ = data[at : at + 20].partition(b" ")
        length = int(digits) if blank and digits.isdigit() else 0
        record = data[at + len(digits) + 1 : at + length]
        if at + length > len(data) or not record.endswith(b"\n"):
            raise InputError("a pax header is damaged: a record has a wrong length")
        key, _, value = record[:-1].partition(b"=")
        if key in _KEYS:
            records[key.decode()] = value.decode("utf-8", "surrogateescape")
        at += length
    return records


def _sparse(block: bytes, stream: Stream) -> dict[str, str]:
    """Read the map of GNU's old sparse files, for its length and the file's real size."""
    more = block[482]
    while more:
        following = stream.exactly(BLOCK)
        if len(following) < BLOCK:
            raise _cut(stream, "a sparse file's map")
        more = following[504]
    return {"GNU.sparse.realsize": str(_number(block[483:495]))}
