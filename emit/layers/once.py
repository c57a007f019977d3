"""An archive from a stream, read once: its manifests come last, so all its layers are scanned."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from emit.errors import InputError
from emit.layers.blobs import TEXT, WORKERS, blobs, follow, named, target
from emit.layers.chunks import Chunks, Feed, Stream
from emit.layers.inflate import inflate, peek, sniff
from emit.layers.scan import Room, Scan, scan
from emit.layers.tar import BLOCK, Data, is_header

_TEXTS = 128 << 20  # bytes of all JSON: bills of materials are JSON, too


@dataclass(slots=True, kw_only=True)
class Once:
    """What a stream held: all its layers are read already, for it told what they are last."""

    room: int = _TEXTS
    texts: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, "Future[Scan]"] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether the stream had such a blob."""
        real = follow(name, self.links)
        return real in self.texts or real in self.layers

    def text(self, name: str) -> bytes | None:
        """Return a JSON blob whole."""
        return self.texts.get(follow(name, self.links))

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
        real = follow(name, self.links)
        if real not in self.layers:
            raise InputError(f"{name} is no layer: neither a tar archive nor a packed one")
        return self.layers[real]


def in_stream(chunks: Chunks) -> Once:
    """Read a tar stream to its end: JSON is kept, each layer is scanned as it comes by."""
    store = Once()
    _, plain = inflate(chunks)
    head, plain = peek(plain, BLOCK)
    if not is_header(head):
        raise InputError("it is no tar archive; give what `docker save` or an OCI tool writes")
    stream = Stream(plain)
    with ThreadPoolExecutor(WORKERS) as pool:
        readers = _Readers(pool)
        for name, member, data in blobs(stream):
            if member.type == "file":
                _take(store, name, data, readers)
            elif member.type in ("symlink", "link"):
                store.links[name] = target(name, member)
        stream.drain()
    return store


class _Readers:
    """Threads that scan the layers of a stream, of which few are held at once."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._free = threading.BoundedSemaphore(WORKERS + 1)
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
        if len(text) <= TEXT:
            store.keep(name, text)


def _capped(pieces: Chunks) -> Chunks:
    total = 0
    for piece in pieces:
        total += len(piece)
        yield piece
        if total > TEXT:
            return


def _fed(name: str, feed: Feed, room: Room) -> Scan:
    try:
        return named(name, lambda: scan(feed, room))
    finally:
        feed.leave()
