"""Every case in every machine, several at once."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from emit.selftest.behaviour import routes
from emit.selftest.cases import FIRST
from emit.selftest.drive import Drive
from emit.selftest.judge import Grade, Seen, Verdict, judge
from emit.selftest.probe import offers
from emit.selftest.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emit.selftest.case import Case
    from emit.selftest.machine import Machine, Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a case in a machine; nothing was seen of what is not offered."""

    machine: str
    case: Case
    verdict: Verdict
    seen: Seen | None = None

    @property
    def gave_up(self) -> bool:
        """Whether it ended by itself with another status than 0."""
        return self.seen is not None and bool(self.seen.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A script, the cases to try, and how."""

    script: Script
    cases: Sequence[Case]
    jobs: int
    deadline: float  # seconds, after which a run is a hang
    tell: Callable[[], None]  # is called when a case is done
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, machines: Sequence[Machine]) -> list[Result]:
        """Return the results, machine by machine, in the order of the cases.

        A machine where not even the first case of all goes well is asked nothing more.
        """
        with Server(routes) as server, ThreadPoolExecutor(self.jobs) as pool:
            try:
                able = pool.map(lambda machine: self._begin(machine, server), machines)
                begun = [
                    (first, [pool.submit(self._result, drive, case, server) for case in rest])
                    for drive, first, rest in able
                ]
                return [one for first, rest in begun for one in [*first, *map(_wait, rest)]]
            except BaseException:
                self.stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _begin(
        self, machine: Machine, server: Server
    ) -> tuple[Drive, list[Result], Sequence[Case]]:
        """Return how to drive it there, what came of the first case, and the other cases."""
        blind = Drive(
            script=self.script,
            machine=machine,
            offers=frozenset(),
            deadline=self.deadline,
            stop=self.stop,
        )
        first = self._result(blind, FIRST, server)
        if first.verdict.grade is Grade.BAD or first.gave_up:
            return blind, [first], ()
        drive = replace(blind, offers=offers(self.script, machine, server.site))
        asked = [case for case in self.cases if case != FIRST]
        return drive, [first] * (FIRST in self.cases), asked

    def _result(self, drive: Drive, case: Case, server: Server) -> Result:
        missing = [need for need in case.needs() if need not in drive.offers]
        seen = None if missing else drive(case, server.site())
        told = Verdict(grade=Grade.SKIPPED, happened=", ".join(missing))
        self.tell()
        return Result(
            machine=drive.machine.name,
            case=case,
            verdict=judge(case, seen) if seen else told,
            seen=seen,
        )


def _wait(result: Future[Result]) -> Result:
    return result.result()
