"""Where blobs are: a folder or a tar file, which can be read at will. Names -> text, scans."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from emit.errors import InputError
from emit.layers.blobs import TEXT, WORKERS, blobs, follow, named, target
from emit.layers.chunks import FileStream, read_all, read_range
from emit.layers.inflate import sniff
from emit.layers.once import in_stream
from emit.layers.scan import BIG, Room, Scan, fingerprint, scan, scan_at_will
from emit.layers.tar import BLOCK, is_header

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
        if size > TEXT:
            raise InputError(f"{name} is {size} bytes long; that is no manifest")
        with _open(path) as file:
            file.seek(start)
            return file.read(size)

    def scans(self, names: list[str]) -> list[Scan]:
        """Read the layers, several at once; one that stands there twice is read once."""
        real = {name: self._real(name) for name in names}
        room = Room()
        with ThreadPoolExecutor(WORKERS) as pool:
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
                return named(name, lambda: scan(read_range(file, size, self.told), room))
            found = named(name, lambda: scan_at_will(FileStream(file, size), room))
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
        return follow(name, self.links)


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


def _index(path: Path, stream: FileStream, told: Told) -> Files:
    places: dict[str, tuple[Path, int, int]] = {}
    links: dict[str, str] = {}
    for name, member, _ in blobs(stream):
        if member.type == "file":
            places[name] = (path, stream.position, member.size)
        elif member.type in ("symlink", "link"):
            links[name] = target(name, member)
    return Files(places=places, links=links, told=told)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
