"""What was seen of a run -> what to think of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emit.selftest.case import Case

_MIB = 1 << 20
_SIGNALLED = 128  # as a shell tells of a signal; Popen tells of it as -N
_ALLOWED = 65_536  # bytes sent beyond a limit that is a share of a small file


class Grade(StrEnum):
    """How it went."""

    OK = "ok"
    WEAK = "weak"  # safe, and less than the contract wants
    BAD = "BAD"
    SKIPPED = "not offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one run; `wrong` says how the bytes differ from all that would be right."""

    status: int
    seconds: float
    requests: int
    sent: int
    hung: str = ""
    exists: bool = False  # there is a file, or anything came out of stdout
    wrong: str = ""
    kept: bool = True  # what stood there is what stands there
    left: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()  # hosts that saw the secret
    said: str = ""
    disk: int = 0
    at_once: int = 0
    signalled: bool = False
    pause: float = 0
    asked: int = 0  # times what is to be asked once was asked
    executable: bool = False
    tells: bool = False  # the secret, in what it says


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The grade, and what happened in a few words."""

    grade: Grade
    happened: str


def judge(case: Case, seen: Seen) -> Verdict:
    """Return the verdict; the first thing that is wrong is the one told."""
    result = _result(case, seen)
    bad = list(_bad(case, seen))
    if bad:
        unsaid = seen.hung or bad[0].startswith(("status 0", "wrong"))
        return Verdict(grade=Grade.BAD, happened="; ".join(bad if unsaid else [result, *bad]))
    weak = list(_weak(case, seen))
    return Verdict(grade=Grade.WEAK if weak else Grade.OK, happened="; ".join([result, *weak]))


def _result(case: Case, seen: Seen) -> str:
    if seen.status == 0 and not case.reader.startswith("head"):
        return "the file"
    return f"exit {seen.status}"


def _bad(case: Case, seen: Seen) -> Iterator[str]:
    """Yield what is dangerous: a hang, a leak, wrong bytes, or something left behind."""
    if seen.hung:
        yield seen.hung
    if seen.leaks:
        yield f"the header of -H went to {', '.join(seen.leaks)}"
    if seen.tells:
        yield "what it says has the secret of -H in it"
    if not seen.hung and seen.status == 0 and not case.reader.startswith("head"):
        if not seen.exists and not (case.streams and case.size == 0):
            yield "status 0 and no file"
        elif case.fails or seen.wrong:
            yield f"wrong bytes, status 0: {seen.wrong or 'nothing can be right'}"
    elif case.keeps and not seen.kept:
        yield "what stood there before is gone"
    if seen.left and not seen.hung:
        yield f"left: {', '.join(seen.left[:3])}{', …' * (len(seen.left) > 3)}"  # noqa: PLR2004
    if seen.processes:
        yield f"still running: {seen.processes[0].strip()}"


def _weak(case: Case, seen: Seen) -> Iterator[str]:
    """Yield what is safe, and less than the contract wants."""
    if case.signal is not None:
        if not seen.signalled:
            yield f"ended before SIG{case.signal.name}: {_last(seen.said)}"
        elif seen.status not in {case.signal.status, _SIGNALLED - case.signal.status}:
            yield f"not {case.signal.status}"
    elif case.reader.startswith("head"):
        if seen.said:
            yield f"says: {_last(seen.said)}"
    elif seen.status:
        if not case.fails and not case.may_fail:
            yield f"gives up: {_last(seen.said)}"
        if not seen.said:
            yield "says nothing"
        elif case.digest == "other" and not re.search(r"[0-9a-f]{64}", seen.said):
            yield "does not name the digests"
    else:
        yield from _waste(case, seen)
    yield from _slow(case, seen)


def _waste(case: Case, seen: Seen) -> Iterator[str]:
    """Yield what a right file cost too much."""
    if seen.sent > case.most_sent * case.size + _ALLOWED:
        yield f"its bytes were sent {seen.sent / max(case.size, 1):.1f} times"
    if case.once and seen.asked > 2:  # noqa: PLR2004 - a probe may go before
        yield f"asked the redirect {seen.asked} times"
    if seen.at_once < case.at_once:
        yield "over one connection"
    if seen.requests > 1 and seen.pause < case.pause:
        yield f"asked again after {seen.pause:.1f} s already"
    if "-x" in case.options and not seen.executable:
        yield "is not executable"
    if "-q" in case.options and seen.said:
        yield f"says: {_last(seen.said)}"


def _slow(case: Case, seen: Seen) -> Iterator[str]:
    if case.most_seconds and seen.seconds > case.most_seconds:
        yield f"took {seen.seconds:.0f} s"
    if case.most_disk and seen.disk > case.most_disk * case.size:
        yield f"needed {seen.disk / _MIB:.0f} MiB of disk for {case.size / _MIB:.0f}"


def _last(said: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else ""
