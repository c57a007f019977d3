"""Contestants take turns; what each needs, and what it costs, is noted."""

from __future__ import annotations

import os
import statistics
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.ground import Ground

from integration.nginx import file_digest

TICK = os.sysconf("SC_CLK_TCK")
PAUSE = 0.02  # s between two looks at memory and disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A line of sh that leaves the file as `f`, if it leaves one at all."""

    name: str
    command: str
    leaves: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run takes: CPU in seconds, memory and space beyond the file in bytes.

    Memory is the peak of the proportional set size of all processes.
    """

    cpu: float
    memory: int
    space: int
    requests: int


@dataclass(slots=True, kw_only=True)
class Score:
    """The seconds of a contestant's runs, and the cost of one more."""

    name: str
    cost: Cost
    times: list[float] = field(default_factory=list)
    error: str = ""

    @property
    def median(self) -> float:
        """The middle of the times, in seconds."""
        return statistics.median(self.times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One job for several contestants; `size` and `sha256` are what must arrive."""

    name: str
    title: str
    size: int
    sha256: str
    contestants: Sequence[Contestant]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The scores of one case, and the machine's load while it ran."""

    name: str
    title: str
    load: float
    scores: list[Score]

    def json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def hold(ground: Ground, case: Case, runs: int, seconds: float) -> Result:
    """Let all have one run that is checked and weighed, then `runs` rounds that are timed.

    After `seconds` no further round begins; one is always run.
    """
    began = time.monotonic()
    scores = {each.name: weigh(ground, case, each) for each in case.contestants}
    for turn in range(runs):
        if turn and time.monotonic() - began > seconds:
            break
        for each in rotated(case.contestants, turn):
            if not scores[each.name].error:
                clock(ground, case, each, scores[each.name])
    load = os.getloadavg()[0]
    return Result(name=case.name, title=case.title, load=load, scores=[*scores.values()])


def clock(ground: Ground, case: Case, each: Contestant, score: Score) -> None:
    """Note the seconds of one run, or why it failed."""
    try:
        score.times.append(ground.run(each.command))
        check(ground, case, each)
    except RuntimeError as failure:
        score.error = str(failure)
        score.times.clear()


def rotated(all_: Sequence[Contestant], turn: int) -> Sequence[Contestant]:
    """Begin each round with another one, so that nobody always follows the same."""
    first = turn % len(all_)
    return [*all_[first:], *all_[:first]]


def weigh(ground: Ground, case: Case, each: Contestant) -> Score:
    """Run it once under observation and look at every byte of what it brought."""
    settle(ground.pid)
    asked, cpu = len(ground.nginx.log("")), spent(ground.pid)
    watch = Watch(ground)
    watch.start()
    try:
        ground.run(each.command)
        check(ground, case, each, whole=True)
        error = ""
    except RuntimeError as failure:
        error = str(failure)
    watch.stop()
    settle(ground.pid)
    cost = Cost(
        cpu=spent(ground.pid) - cpu,
        memory=watch.memory,
        space=max(0, watch.space - case.size * each.leaves),
        requests=len(ground.nginx.log("")) - asked,
    )
    return Score(name=each.name, cost=cost, error=error)


def check(ground: Ground, case: Case, each: Contestant, *, whole: bool = False) -> None:
    """Raise RuntimeError when the file is not there at its size, or has other bytes."""
    file = ground.out / "f"
    if each.leaves and (not file.exists() or file.stat().st_size != case.size):
        raise RuntimeError(f"{each.name} brought no file of {case.size} bytes")
    if each.leaves and whole and file_digest(file) != case.sha256:
        raise RuntimeError(f"{each.name} brought wrong bytes")


class Watch(threading.Thread):
    """Notes the peaks of memory and disk space while a contestant runs."""

    def __init__(self, ground: Ground) -> None:
        """Watch the container and its folder."""
        super().__init__(daemon=True)
        self.ground = ground
        self.memory = self.space = 0
        self.base = sum(map(memory, tree(ground.pid)))
        self.over = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(PAUSE):
            self.memory = max(self.memory, sum(map(memory, tree(self.ground.pid))) - self.base)
            self.space = max(self.space, sum(map(blocks, walk(self.ground.out))))

    def stop(self) -> None:
        """End it."""
        self.over.set()
        self.join()


def tree(pid: int) -> Iterator[int]:
    """Give the process and all below it."""
    yield pid
    for child in read(f"/proc/{pid}/task/{pid}/children").split():
        yield from tree(int(child))


def spent(pid: int) -> float:
    """Return the CPU seconds of all that has ended in the container.

    They are with its loop, or, for what its parent did not wait for, with its init.
    """
    (loop,) = read(f"/proc/{pid}/task/{pid}/children").split()
    of_children = [
        read(f"/proc/{each}/stat").rpartition(")")[2].split()[13:15] for each in (pid, loop)
    ]
    init, shell = (sum(map(int, pair)) for pair in of_children)
    return (init + shell) / TICK


def settle(pid: int) -> None:
    """Wait for what the contestant left behind to end."""
    while len([*tree(pid)]) > 2:  # noqa: PLR2004 - init and the loop
        time.sleep(PAUSE)


def memory(pid: int) -> int:
    """Return the bytes of a process's memory, with its share of what it shares."""
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    return 0


def walk(folder: Path) -> Iterator[Path]:
    """Give the files below a folder that changes meanwhile."""
    for root, _, names in os.walk(folder):
        yield from (Path(root) / name for name in names)


def blocks(path: Path) -> int:
    """Return the bytes that a file has on disk, 0 when it has gone."""
    try:
        return path.lstat().st_blocks * 512
    except OSError:
        return 0


def read(path: str) -> str:
    """Return a file's text, empty when its process has gone."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
