"""Where blobs are: a folder, a tar file, or a stream that is read once. Names -> text, scans."""

import os
import posixpath
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from emit.errors import InputError
from emit.layers.chunks import Chunks, Feed, FileStream, Stream, read_all, read_range
from emit.layers.inflate import inflate, peek, sniff
from emit.layers.scan import BIG, Room, Scan, fingerprint, scan, scan_at_will
from emit.layers.tar import BLOCK, Data, Member, is_header, members

_TEXT = 16 << 20  # bytes of JSON; the registries' limit for a manifest is 4 MiB
_TEXTS = 128 << 20  # of all that a stream has: bills of materials are JSON, too
_BLOBS = 100_000  # members of an archive
_LONGEST = 4096  # characters of a name and what it links to
_HOPS = 8  # symbolic links from a layer's name to its blob
_WORKERS = min(4, os.cpu_count() or 1)

#: Is told the bytes that were read just now; from several threads.
Told = Callable[[int], None]


class Store(Protocol):
    """Blobs by name."""

    def text(self, name: str) -> bytes | None:
        """Return a JSON blob whole, None where there is none of this name."""

    def has(self, name: str) -> bool:
        """Tell whether there is a blob, or a link to one, of this name."""

    def scans(self, names: list[str]) -> list[Scan]:
        """Return the layers of these names; raises InputError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Blobs that can be opened at will: in a folder, or at a place in a tar file."""

    places: Mapping[str, tuple[Path, int, int]]
    links: Mapping[str, str]
    told: Told

    def has(self, name: str) -> bool:
        """Tell whether there is such a blob."""
        return self._real(name) in self.places

    def text(self, name: str) -> bytes | None:
        """Return a JSON blob whole."""
        place = self.places.get(self._real(name))
        if place is None:
            return None
        path, start, size = place
        if size > _TEXT:
            raise InputError(f"{name} is {size} bytes long; that is no manifest")
        with _open(path) as file:
            file.seek(start)
            return file.read(size)

    def scans(self, names: list[str]) -> list[Scan]:
        """Read the layers, several at once; one that stands there twice is read once."""
        real = {name: self._real(name) for name in names}
        room = Room()
        with ThreadPoolExecutor(_WORKERS) as pool:
            futures = {name: pool.submit(self._scan, name, room) for name in set(real.values())}
            try:
                found = {name: future.result() for name, future in futures.items()}
                scans = [found[real[name]] for name in names]
                self._settle(found, scans, pool)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return scans

    def _scan(self, name: str, room: Room) -> Scan:
        path, start, size = self.places[name]
        with _open(path) as file:
            file.seek(start)
            packed = sniff(file.read(BLOCK)) != "plain"
            file.seek(start)
            if packed:
                return _named(name, lambda: scan(read_range(file, size, self.told), room))
            found = _named(name, lambda: scan_at_will(FileStream(file, size), room))
            self.told(size - sum(one.size for one in found.later))
            return found

    def _settle(
        self, found: Mapping[str, Scan], scans: list[Scan], pool: ThreadPoolExecutor
    ) -> None:
        """Read the big files that another is as long as: no others can be the same."""
        sizes = Counter(entry.size for one in scans for entry in one.entries if entry.size >= BIG)
        for _ in pool.map(lambda name: self._read(name, found[name], sizes), found):
            pass

    def _read(self, name: str, found: Scan, sizes: Mapping[int, int]) -> None:
        path, start, _ = self.places[name]
        with _open(path) as file:
            for number, at, size in found.later:
                if sizes[size] == 1:
                    self.told(size)
                    continue
                file.seek(start + at)
                content = fingerprint(read_range(file, size, self.told), size)
                found.entries[number] = found.entries[number]._replace(print=content)

    def _real(self, name: str) -> str:
        return _follow(name, self.links)


@dataclass(slots=True, kw_only=True)
class Once:
    """What a stream held: all its layers are read already, for it told what they are last."""

    room: int = _TEXTS
    texts: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, "Future[Scan]"] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether the stream had such a blob."""
        real = _follow(name, self.links)
        return real in self.texts or real in self.layers

    def text(self, name: str) -> bytes | None:
        """Return a JSON blob whole."""
        return self.texts.get(_follow(name, self.links))

    def keep(self, name: str, text: bytes) -> None:
        """Keep a JSON blob; raises InputError where there is no room for it."""
        self.room -= len(text)
        if self.room < 0:
            raise InputError(f"it has more than {_TEXTS >> 20} MiB of JSON, which no image needs")
        self.texts[name] = text

    def scans(self, names: list[str]) -> list[Scan]:
        """Return the layers; what was wrong with one is raised here, if it is asked for."""
        return [self._layer(name).result() for name in names]

    def _layer(self, name: str) -> "Future[Scan]":
        real = _follow(name, self.links)
        if real not in self.layers:
            raise InputError(f"{name} is no layer: neither a tar archive nor a packed one")
        return self.layers[real]


def is_layout(folder: Path) -> bool:
    """Tell the folder of an image from any other, such as the sources of the image `app`."""
    return any((folder / name).is_file() for name in ("index.json", "manifest.json"))


def in_folder(folder: Path, told: Told) -> Files:
    """Return the blobs of an OCI layout, or of a `docker save` that was unpacked.

    Of any other folder none: it may be a home, or the root.
    """
    root = folder.resolve()
    places = {
        file.relative_to(folder).as_posix(): (file, 0, file.stat().st_size)
        for file in (folder.rglob("*") if is_layout(folder) else ())
        if file.is_file() and file.resolve().is_relative_to(root)
    }
    return Files(places=places, links={}, told=told)


def in_file(path: Path, told: Told) -> Store:
    """Return the blobs of a tar file; a packed one, or a pipe by name, is read as a stream."""
    with _open(path) as file:
        if not path.is_file():
            return in_stream(read_all(file, told))
        head = file.read(BLOCK)
        file.seek(0)
        if sniff(head) != "plain":
            return in_stream(read_all(file, told))
        if not is_header(head):
            raise InputError("it is no tar archive; give what `docker save` or an OCI tool wrote")
        return _index(path, FileStream(file, path.stat().st_size), told)


def in_stream(chunks: Chunks) -> Once:
    """Read a tar stream to its end: JSON is kept, each layer is scanned as it comes by."""
    store = Once()
    _, plain = inflate(chunks)
    head, plain = peek(plain, BLOCK)
    if not is_header(head):
        raise InputError("it is no tar archive; give what `docker save` or an OCI tool writes")
    stream = Stream(plain)
    with ThreadPoolExecutor(_WORKERS) as pool:
        readers = _Readers(pool)
        for name, member, data in _blobs(stream):
            if member.type == "file":
                _take(store, name, data, readers)
            elif member.type in ("symlink", "link"):
                store.links[name] = _target(name, member.type, member.target)
        stream.drain()
    return store


class _Readers:
    """Threads that scan the layers of a stream, of which few are held at once."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._free = threading.BoundedSemaphore(_WORKERS + 1)
        self._room = Room()

    def read(self, name: str) -> "tuple[Feed, Future[Scan]]":
        """Return where to put the layer's bytes, and what it will be; waits for a free place."""
        self._free.acquire()
        feed = Feed()
        found = self._pool.submit(_fed, name, feed, self._room)
        found.add_done_callback(lambda _: self._free.release())
        return feed, found


def _take(store: Once, name: str, data: Data, readers: _Readers) -> None:
    """Keep a blob that is JSON, scan one that is a layer, pass over any other."""
    head, pieces = peek(data, BLOCK)
    if sniff(head) != "plain" or is_header(head):
        feed, store.layers[name] = readers.read(name)
        try:
            for piece in pieces:
                feed.put(piece)
        finally:
            feed.put(b"")
    elif head.lstrip()[:1] in (b"{", b"["):
        text = b"".join(_capped(pieces))
        if len(text) <= _TEXT:
            store.keep(name, text)


def _capped(pieces: Chunks) -> Chunks:
    total = 0
    for piece in pieces:
        total += len(piece)
        yield piece
        if total > _TEXT:
            return


def _fed(name: str, feed: Feed, room: Room) -> Scan:
    try:
        return _named(name, lambda: scan(feed, room))
    finally:
        feed.leave()


def _named(name: str, scanned: Callable[[], Scan]) -> Scan:
    try:
        return scanned()
    except InputError as error:
        raise InputError(f"layer {name}: {error}") from error


def _index(path: Path, stream: FileStream, told: Told) -> Files:
    places: dict[str, tuple[Path, int, int]] = {}
    links: dict[str, str] = {}
    for name, member, _ in _blobs(stream):
        if member.type == "file":
            places[name] = (path, stream.position, member.size)
        elif member.type in ("symlink", "link"):
            links[name] = _target(name, member.type, member.target)
    return Files(places=places, links=links, told=told)


def _blobs(stream: Stream) -> Iterator[tuple[str, Member, Data]]:
    """Yield what is in the archive with its names, of which not too many are held."""
    for count, (member, data) in enumerate(members(stream)):
        if count >= _BLOBS:
            raise InputError(f"it has more than {_BLOBS} members, so it is no image")
        if len(member.path) + len(member.target) > _LONGEST:
            raise InputError(f"its member {member.path[:40]!r}… has a name too long for a blob")
        yield posixpath.normpath(member.path), member, data


def _target(name: str, type_: str, target: str) -> str:
    """Return where a link points, from the archive's root; old `docker save` links layers."""
    folder = posixpath.dirname(name) if type_ == "symlink" else ""
    return posixpath.normpath(posixpath.join(folder, target))


def _follow(name: str, links: Mapping[str, str]) -> str:
    for _ in range(_HOPS):
        if name not in links:
            break
        name = links[name]
    return name


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
