"""One case, driven: the script is run against the server, and watched."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from emit.external import TimeoutExpired
from emit.selftest import trace
from emit.selftest.ask import digest, environment, source
from emit.selftest.case import SECRET, Case
from emit.selftest.judge import Seen

if TYPE_CHECKING:
    from emit.selftest.journal import Site
    from emit.selftest.machine import Machine, Script
    from emit.selftest.place import Place, Started

BEFORE = b"what stood here before\n"
_TICK = 0.02  # seconds
_AFTER_SIGNAL = 10  # seconds, in which a script is to end
_PIPELINE = '{ "$@"; echo "$?" >../status; } | %s >../stdout'


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
            said, words = trace.text(stderr), trace.text(stdout)
        status = trace.status(case, place, started)
        processes = () if watch.hung else trace.lingering(place)
        log = trace.finished(site)
        return Seen(
            status=status,
            seconds=watch.seconds,
            requests=len(log),
            sent=sum(exchange.sent for exchange in log),
            hung=watch.hung,
            exists=out.exists(),
            wrong="" if status or watch.hung else trace.difference(case, out),
            kept=case.small or (out.is_file() and out.read_bytes() == BEFORE),
            left=tuple(trace.left(case, place, out, status)),
            processes=processes,
            leaks=trace.leaks(case, log, site),
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
                since = f" SIG{case.signal.name}" if case.signal and watch.signalled else ""
                waited = _AFTER_SIGNAL if since else now - started.began
                watch.hung = f"still running {waited:.0f} s after{since or ' the start'}"
                break
            if case.most_disk:
                watch.disk = max(watch.disk, trace.disk(started.place))
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
