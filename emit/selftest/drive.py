"""One case, driven: the script is run against the server, and watched."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from emit.external import TimeoutExpired
from emit.selftest.case import REFUSED, SECRET, Case
from emit.selftest.content import big_piece, body
from emit.selftest.judge import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emit.selftest.journal import Exchange, Site
    from emit.selftest.machine import Machine, Script
    from emit.selftest.place import Place, Started

BEFORE = b"what stood here before\n"
_NOWHERE = "http://127.0.0.1:1/f"
_TICK = 0.02  # seconds
_AFTER_SIGNAL = 10  # seconds, in which a script is to end
_GRACE = 2  # seconds, in which what it started is to end, too
_PIPELINE = '{ "$@"; echo "$?" >../status; } | %s >../stdout'
_OWN = {"status", "stdout", "pid"}
_PIECE = 1 << 20


@dataclass(slots=True, kw_only=True)
class _Watch:
    """What is noticed while the script runs."""

    hung: str = ""
    disk: int = 0
    signalled: bool = False
    seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A script in one machine, and what it offers there."""

    script: Script
    machine: Machine
    offers: frozenset[str]
    deadline: float  # seconds, after which a run is a hang
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self, case: Case, site: Site) -> Seen:
        """Run the script against the case and return what was seen."""
        place = self.machine.place(case.name)
        try:
            return self._seen(case, site, place)
        finally:
            shutil.rmtree(place.root, ignore_errors=True)

    def _seen(self, case: Case, site: Site, place: Place) -> Seen:
        out = _prepare(case, place)
        argv = self.machine.argv(self.script, place, self.options(case, site))
        if case.streams:
            argv = ["sh", "-c", _PIPELINE % (case.reader or "cat"), "sh", *argv]
        watch = _Watch()
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            with place.started(
                argv,
                env=environment(case, site, command=bool(self.script.command)),
                stdout=stdout,
                stderr=stderr,
            ) as started:
                self._wait(case, started, site, watch)
            said, words = _text(stderr), _text(stdout)
        status = _status(case, place, started)
        processes = () if watch.hung else _lingering(place)
        log = _finished(site)
        return Seen(
            status=status,
            seconds=watch.seconds,
            requests=len(log),
            sent=sum(exchange.sent for exchange in log),
            hung=watch.hung,
            exists=out.exists(),
            wrong="" if status or watch.hung else _difference(case, out),
            kept=case.small or (out.is_file() and out.read_bytes() == BEFORE),
            left=tuple(_left(case, place, out, status)),
            processes=processes,
            leaks=_leaks(case, log, site),
            said=said,
            disk=watch.disk,
            at_once=max((exchange.beside + 1 for exchange in log), default=0),
            signalled=watch.signalled,
            pause=max((after.at - one.at for one, after in pairwise(log)), default=0),
            asked=sum(case.once in exchange.path for exchange in log) if case.once else 0,
            executable=os.access(out, os.X_OK),
            tells=case.secret and SECRET.split()[1] in said + words,
        )

    def _wait(self, case: Case, started: Started, site: Site, watch: _Watch) -> None:
        """Wait for its end; what is over the limit has hung, and its place kills it."""
        deadline = started.began + self.deadline + case.seconds
        while started.process.poll() is None:
            now = time.monotonic()
            if now > deadline or self.stop.is_set():
                watch.hung = f"still running after {now - started.began:.0f} s"
                break
            if case.most_disk:
                watch.disk = max(watch.disk, _disk(started.place))
            if case.signal is not None and not watch.signalled and _due(case, site):
                started.place.kill(case.signal.name, group=case.signal.group)
                watch.signalled, deadline = True, now + _AFTER_SIGNAL
            with suppress(TimeoutExpired):
                started.process.wait(_TICK)
        watch.seconds = time.monotonic() - started.began

    def options(self, case: Case, site: Site) -> list[str]:
        """Return the options of the case, as far as the script offers them."""
        sources = [option for path in case.paths for option in ("-u", source(case, site, path))]
        more = ["-s", f"sha256:{digest(case)}"] if case.digest is not None else []
        more += ["-H", f"Authorization: {SECRET}"] if case.secret else []
        more += ["-b", case.block] if case.block else []
        more += ["-q"] if case.reader and "-q" in self.offers else []
        limits = {"-t": case.limit, "-T": case.idle}
        more += [
            word
            for option, value in limits.items()
            if option in self.offers
            for word in (option, str(value))
        ]
        return ["-o", case.out, *sources, "-P", str(case.process), *more, *case.options]


def source(case: Case, site: Site, path: str) -> str:
    """Return the URL of one of the case's paths; a proxy is asked for a host that is none."""
    if path == REFUSED:
        return _NOWHERE
    url = site.url(path.format(size=case.size) if "{size}" in path else path)
    host = urlsplit(url).netloc
    return url.replace(host, "files.invalid", 1) if case.proxy else url


def digest(case: Case) -> str:
    """Return the sha256 that -s names: of the file that is right, unless the case tells another."""
    if case.big:
        sha256 = hashlib.sha256()
        for start in range(0, case.size, _PIECE):
            sha256.update(big_piece(start, min(case.size, start + _PIECE)))
        return sha256.hexdigest()
    seed = next(iter(case.right), "") if case.digest is None else case.digest
    return hashlib.sha256(body(case.size, seed)).hexdigest()


def environment(case: Case, site: Site, *, command: bool) -> dict[str, str]:
    """Return what is set for the script, and for a command what it is to fetch."""
    if not command:
        return _proxied(case, site)
    first, *others = [source(case, site, path) for path in case.paths]
    given = {
        "URL": first,
        "OUT": case.out,
        "MIRROR": others[0] if others else "",
        "DIGEST": digest(case),
        "HEADER": f"Authorization: {SECRET}" if case.secret else "",
    }
    return given | _proxied(case, site)


def _proxied(case: Case, site: Site) -> dict[str, str]:
    return {"http_proxy": f"http://{urlsplit(site.url('/')).netloc}"} if case.proxy else {}


def _prepare(case: Case, place: Place) -> Path:
    """Return where the file will be, as we see it, and put something there if need be."""
    if case.small:
        place.run(["mkdir", "-p", str(Path(case.out).parent)])
        return place.root / "on the small disk"
    out = place.root / "stdout" if case.streams else place.out / case.out
    out.parent.mkdir(exist_ok=True)
    if case.keeps:
        out.write_bytes(BEFORE)
    return out


def _due(case: Case, site: Site) -> bool:
    """Tell whether the server is where the signal is wanted."""
    log = list(site.journal.exchanges)
    answered = sum(exchange.done for exchange in log)
    sent = max((exchange.sent for exchange in log), default=-1)
    wanted = case.signal
    return wanted is not None and sent >= wanted.sent and answered >= wanted.answers


def _disk(place: Place) -> int:
    """Return the bytes that the run has on the disk."""
    total = 0
    for folder in (place.out, place.scratch):
        for path in folder.rglob("*"):
            with suppress(OSError):  # it has just gone
                total += path.lstat().st_blocks * 512
    return total


def _status(case: Case, place: Place, started: Started) -> int:
    noted = place.root / "status"
    if case.streams and noted.exists():
        return int(noted.read_text())
    return started.process.returncode


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode(errors="replace")


def _lingering(place: Place) -> tuple[str, ...]:
    """Return the processes that do not end by themselves, and end them."""
    until = time.monotonic() + _GRACE
    while (found := place.processes()) and time.monotonic() < until:
        time.sleep(_TICK)
    if found:
        place.sweep()
    return tuple(found)


def _finished(site: Site) -> list[Exchange]:
    """Return the log, once every answer has ended, or soon."""
    with suppress(TimeoutError):
        site.journal.wait(lambda log: all(exchange.done for exchange in log), _GRACE)
    return list(site.journal.exchanges)


def _difference(case: Case, out: Path) -> str:
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
        return f"{len(came)} bytes instead of {len(wanted)}"
    first = next(n for n, (one, other) in enumerate(zip(came, wanted, strict=True)) if one != other)
    return f"from byte {first} on"


def _big_difference(case: Case, out: Path) -> str:
    size = out.stat().st_size
    if size != case.size:
        return f"{size} bytes instead of {case.size}"
    with out.open("rb") as stream:
        for start in range(0, size, _PIECE):
            if stream.read(_PIECE) != big_piece(start, min(size, start + _PIECE)):
                return f"from byte {start} on"
    return ""


def _left(case: Case, place: Place, out: Path, status: int) -> Iterator[str]:
    """Yield what is there and should not be."""
    if case.small:
        yield from place.run(["ls", "-A", str(Path(case.out).parent)]).stdout.decode().split()
        return
    allowed = {str(parent.relative_to(place.root)) for parent in out.parents if parent > place.root}
    if status == 0 or case.keeps:
        allowed.add(str(out.relative_to(place.root)))
    yield from (name for name in place.files() if name not in allowed | _OWN)


def _leaks(case: Case, log: list[Exchange], site: Site) -> tuple[str, ...]:
    """Return the hosts that saw the secret and are not the URL's own."""
    if not case.secret:
        return ()
    own = urlsplit(site.url("/")).netloc
    told = {log.headers.get("host", "") for log in log if "authorization" in log.headers}
    return tuple(sorted(told - {own}))
