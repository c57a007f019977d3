"""A stream of bytes that comes in chunks, read by exact counts. Nothing is held but one chunk."""

import contextlib
import fcntl
import queue
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO, Self

from emit.errors import InputError

CHUNK = 1 << 20  # bytes asked for at once
_PADDING = 64 << 20  # bytes behind an archive's end; tar rounds up to 10 kB, or to a tape's block
_TOO_MUCH = "its archive ends at byte {}, but more and more follows; is it damaged?"
_PIECE = 1 << 17  # bytes read at once between those that are passed over
_AHEAD = 32  # chunks that may wait in a Feed

Chunk = bytes | memoryview
Chunks = Iterator[Chunk]


class Stream:
    """Chunks read by exact counts; `position` is in bytes from the start."""

    __slots__ = ("_at", "_buffer", "_chunks", "position")

    def __init__(self, chunks: Chunks) -> None:
        """Begin at the first byte of the chunks."""
        self._chunks = chunks
        self._buffer: Chunk = b""
        self._at = 0
        self.position = 0

    def exactly(self, count: int) -> bytes:
        """Return the next `count` bytes, fewer only where the stream ends."""
        end = self._at + count
        if end <= len(self._buffer):
            data = bytes(self._buffer[self._at : end])
            self._at = end
            self.position += count
            return data
        return b"".join(self.pieces(count))

    def pieces(self, count: int) -> Iterator[memoryview]:
        """Yield the next `count` bytes in pieces, fewer only where the stream ends."""
        while count > 0:
            if self._at == len(self._buffer) and not self._fill():
                return
            piece = memoryview(self._buffer)[self._at : self._at + count]
            self._at += len(piece)
            self.position += len(piece)
            count -= len(piece)
            yield piece

    def skip(self, count: int) -> bool:
        """Pass over `count` bytes; False where the stream ends before them."""
        if self._at + count <= len(self._buffer):
            self._at += count
            self.position += count
            return True
        end = self.position + count
        for _ in self.pieces(count):
            pass
        return self.position == end

    def drain(self) -> None:
        """Read to the end; raises InputError where that is too far off to be padding."""
        start = self.position
        self.position += len(self._buffer) - self._at
        while self._fill():
            self.position += len(self._buffer)
            if self.position - start > _PADDING:
                raise InputError(_TOO_MUCH.format(start))
        self._at = len(self._buffer)

    def _fill(self) -> bool:
        self._buffer = next(self._chunks, b"")
        self._at = 0
        return bool(self._buffer)


class FileStream(Stream):
    """The next `size` bytes of a seekable file, which passes over bytes without reading them."""

    __slots__ = ("_file", "_size", "_start")

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Begin where the file stands."""
        super().__init__(iter(()))
        self._file = file
        self._size = size
        self._start = file.tell()

    def skip(self, count: int) -> bool:
        """Pass over `count` bytes; False where the file ends before them."""
        end = self.position + count
        if end > self._size:
            self.position = self._size
            return False
        if self._at + count <= len(self._buffer):
            self._at += count
        else:
            self._file.seek(self._start + end)
            self._buffer = b""
            self._at = 0
        self.position = end
        return True

    def drain(self) -> None:
        """Pass over the rest; raises InputError where that is too much to be padding."""
        if self._size - self.position > _PADDING:
            raise InputError(_TOO_MUCH.format(self.position))
        self.position = self._size

    def _fill(self) -> bool:
        self._buffer = _read(self._file, min(_PIECE, self._size - self.position))
        self._at = 0
        return bool(self._buffer)


class Feed:
    """Chunks that one thread puts and another takes; at most _AHEAD of them wait."""

    def __init__(self) -> None:
        """Begin empty and open."""
        self._queue: queue.Queue[Chunk] = queue.Queue(_AHEAD)
        self._gone = threading.Event()

    def put(self, chunk: Chunk) -> None:
        """Hand a chunk on; an empty one ends the stream. Dropped where nobody takes any more."""
        while not self._gone.is_set():
            try:
                self._queue.put(chunk, timeout=0.1)
            except queue.Full:
                continue
            return

    def leave(self) -> None:
        """Say that nothing will be taken any more."""
        self._gone.set()

    def __iter__(self) -> Self:
        """Take the chunks."""
        return self

    def __next__(self) -> Chunk:
        """Take the next chunk."""
        chunk = self._queue.get()
        if not chunk:
            raise StopIteration
        return chunk


def read_all(file: BinaryIO, told: Callable[[int], None]) -> Chunks:
    """Yield what a file or pipe holds; `told` gets the size of each chunk."""
    _widen(file)
    while chunk := _read(file):
        told(len(chunk))
        yield chunk


def read_range(file: BinaryIO, size: int, told: Callable[[int], None]) -> Chunks:
    """Yield the next `size` bytes of a file, fewer only where it ends."""
    while size > 0 and (chunk := _read(file, min(CHUNK, size))):
        told(len(chunk))
        size -= len(chunk)
        yield chunk


def _widen(file: BinaryIO) -> None:
    """Let a pipe hold a whole chunk: a third less time. Linux gives 64 KiB unasked."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):  # no pipe, or no more pages for this user's pipes
            fcntl.fcntl(file, fcntl.F_SETPIPE_SZ, CHUNK)


def _read(file: BinaryIO, count: int = CHUNK) -> bytes:
    try:
        return file.read(count)
    except OSError as error:
        name = getattr(file, "name", "the input")
        raise InputError(f"cannot read {name}: {error.strerror}") from error
