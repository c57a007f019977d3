"""What emit promises of downloads, and whether it held in these results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contest import Result, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`ours` of `case` takes at most `most` times the best of those that start with `theirs`.

    `where` is the case of theirs, if it is another; of `slowest` it is their slowest.
    """

    case: str
    ours: str
    theirs: str
    most: float
    where: str = ""
    slowest: bool = False


BARS = (
    Bar(case="big", ours="rget.sh", theirs="aria2c", most=0.8),
    Bar(case="big-sha256", ours="rget.sh", theirs="aria2c", most=1.0),
    Bar(case="big-sha256", ours="rget.sh", theirs="wget, sha256sum", most=1.0),
    Bar(case="big-sha256", ours="get.sh", theirs="aria2c", most=0.9),
    Bar(case="hidden-sha256", ours="rget.sh", theirs="rget.sh", most=1.15, where="hidden"),
    Bar(case="held", ours="rget.sh -P16", theirs="aria2c -x16", most=1.05),
    Bar(case="small", ours="rget.sh", theirs="wget", most=1.5),
    Bar(case="small-http", ours="rget.sh", theirs="wget", most=1.5),
    Bar(case="tar", ours="rget.sh, into tar xz", theirs="tar xz of a file;rget.sh to a file",
        most=1.15, slowest=True),
    Bar(case="big", ours="rget.sh", theirs="ancestor", most=0.5),
    Bar(case="middle", ours="rget.sh", theirs="ancestor", most=0.5),
    Bar(case="held", ours="rget.sh -P16", theirs="ancestor", most=0.5),
    Bar(case="small", ours="rget.sh", theirs="ancestor", most=0.5),
)  # fmt: skip


def bars(results: Sequence[Result]) -> str:
    """Return a table with a row for each bar whose cases were measured."""
    found = {result.name: result for result in results}
    rows = [row(bar, found) for bar in BARS if bar.case in found and bar.where in {"", *found}]
    head = "## The bars\n\n| | against | bar | measured | |\n|---|---|--:|--:|---|"
    return "\n".join([head, *filter(None, rows), ""])


def row(bar: Bar, found: dict[str, Result]) -> str:
    """Return one bar's line, an empty one when somebody was absent."""
    case = found[bar.case]
    ours = [score for score in case.scores if score.name == bar.ours and score.times]
    prefixes = tuple(bar.theirs.split(";"))
    rivals = [
        score
        for score in found[bar.where or bar.case].scores
        if score.name.startswith(prefixes) and score.times and (bar.where or score not in ours)
    ]
    if not (ours and rivals):
        return ""
    rival = (max if bar.slowest else min)(rivals, key=median)
    ratio = ours[0].median / rival.median
    against = found[bar.where].title if bar.where else rival.name
    verdict = "holds" if ratio <= bar.most else f"missed by {ratio / bar.most - 1:.0%}"
    return f"| {case.title}: {bar.ours} | {against} | {bar.most} | {ratio:.2f} | {verdict} |"


def median(score: Score) -> float:
    """Return its median, to sort by."""
    return score.median
