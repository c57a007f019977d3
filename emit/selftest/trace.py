"""What a run leaves to be seen: files, processes, bytes, and what the server was told."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from emit.selftest.content import big_piece, body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emit.selftest.case import Case
    from emit.selftest.journal import Exchange, Site
    from emit.selftest.place import Place, Started

_TICK = 0.02  # seconds
_GRACE = 2  # seconds, in which what a script started is to end, too
_OWN = {"status", "stdout", "pid"}
_PIECE = 1 << 20


def disk(place: Place) -> int:
    """Return the bytes that the run has on the disk."""
    total = 0
    for folder in (place.out, place.scratch):
        for path in folder.rglob("*"):
            with suppress(OSError):  # it has just gone
                total += path.lstat().st_blocks * 512
    return total


def status(case: Case, place: Place, started: Started) -> int:
    """Return its exit status, of a pipeline the script's own."""
    noted = place.root / "status"
    if case.streams and noted.exists():
        return int(noted.read_text())
    return started.process.returncode


def text(stream: IO[bytes]) -> str:
    """Return all that was written to it."""
    stream.seek(0)
    return stream.read().decode(errors="replace")


def lingering(place: Place) -> tuple[str, ...]:
    """Return the processes that do not end by themselves, and end them."""
    until = time.monotonic() + _GRACE
    while (found := place.processes()) and time.monotonic() < until:
        time.sleep(_TICK)
    if found:
        place.sweep()
    return tuple(found)


def finished(site: Site) -> list[Exchange]:
    """Return the log, once every answer has ended, or soon."""
    with suppress(TimeoutError):
        site.journal.wait(lambda log: all(exchange.done for exchange in log), _GRACE)
    return list(site.journal.exchanges)


def difference(case: Case, out: Path) -> str:
    """Return how the file differs from all that would be right, or nothing."""
    if not out.exists() or case.fails:
        return ""
    if case.big:
        return _big_difference(case, out)
    came = out.read_bytes()
    wanted = [body(case.size, seed) for seed in case.right] + [body(size) for size in case.sizes]
    return "" if came in wanted else _told(came, wanted[0])


def _told(came: bytes, wanted: bytes) -> str:
    if len(came) != len(wanted):
        return f"{len(came)} instead of {len(wanted)}"
    first = next(n for n, (one, other) in enumerate(zip(came, wanted, strict=True)) if one != other)
    return f"from byte {first} on"


def _big_difference(case: Case, out: Path) -> str:
    size = out.stat().st_size
    if size != case.size:
        return f"{size} instead of {case.size}"
    with out.open("rb") as stream:
        for start in range(0, size, _PIECE):
            if stream.read(_PIECE) != big_piece(start, min(size, start + _PIECE)):
                return f"from byte {start} on"
    return ""


def left(case: Case, place: Place, out: Path, status: int) -> Iterator[str]:
    """Yield what is there and should not be."""
    if case.small:
        yield from place.run(["ls", "-A", str(Path(case.out).parent)]).stdout.decode().split()
        return
    allowed = {str(parent.relative_to(place.root)) for parent in out.parents if parent > place.root}
    if status == 0 or case.keeps:
        allowed.add(str(out.relative_to(place.root)))
    found = {name for name in place.files() if name not in allowed | _OWN}
    yield from sorted(name for name in found if str(Path(name).parent) not in found)


def leaks(case: Case, log: list[Exchange], site: Site) -> tuple[str, ...]:
    """Return the hosts that saw the secret and are not the URL's own."""
    if not case.secret:
        return ()
    own = urlsplit(site.url("/")).netloc
    told = {log.headers.get("host", "") for log in log if "authorization" in log.headers}
    return tuple(sorted(told - {own}))
