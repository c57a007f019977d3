"""The report as Markdown, for a pull request's comment. Pure."""

import re
from collections.abc import Iterable, Iterator

from emit.layers.budget import Verdict
from emit.layers.compare import Comparison
from emit.layers.report import Report
from emit.layers.say import (
    changed_where,
    compared,
    culprit,
    headline,
    notes,
    one_line,
    place,
    secret_lines,
    signed,
    where,
    worth,
)
from emit.layers.weigh import Weight
from emit.units import shown

_PATHS = 3


def write(content: Report | Comparison, verdicts: Iterable[Verdict], *, top: int) -> str:
    """Return a report or a comparison; commands and paths stand in code, so nothing is markup."""
    lines = _report(content, top) if isinstance(content, Report) else _comparison(content, top)
    return "\n".join([*lines, *_verdicts(list(verdicts))]).rstrip("\n") + "\n"


def _report(report: Report, top: int) -> Iterator[str]:
    yield f"### {text(headline(report))}"
    yield ""
    found = worth(report)
    for number, one in enumerate(found[:top], 1):
        layer = culprit(report, one)
        storer = report.layers[one.layer - 1]
        of = f": {code(one_line(storer.command))}" if storer is not layer else ""
        blamed = f"{code(one_line(layer.command))} {where(layer)}"
        yield f"{number}. **{shown(one.bytes)}** {blamed}  "
        yield f"   {one.what}{of}  "
        yield f"   {_places(one.paths)}  "
        yield f"   → {text(one.hint)}"
    if not found:
        yield "Nothing to gain: no bytes are stored in vain."
    if len(found) > top:
        rest = sum(one.bytes for one in found[top:])
        yield f"\nand {len(found) - top} more, {shown(rest)}"
    for line in secret_lines(report):
        yield f"- {text(line.strip())}" if line.startswith(" ") else f"\n**{line.strip()}**\n"
    yield from ("", "<details><summary>Layers</summary>", "")
    yield from _layers(report)
    yield from ("", "</details>", "")
    for line in notes(report):
        yield text(line)


def _layers(report: Report) -> Iterator[str]:
    yield "| # | size | to pull | wasted | command | biggest paths |"
    yield "|--:|--:|--:|--:|---|---|"
    for one in report.layers:
        pulled = "?" if one.pulled is None else shown(one.pulled)
        cells = (
            f"{one.index}{'b' if one.base else ''}",
            shown(one.stored),
            pulled,
            shown(one.wasted) if one.wasted else "",
            code(one_line(one.command)),
            _places(one.top),
        )
        yield f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _comparison(comparison: Comparison, top: int) -> Iterator[str]:
    yield f"### {text(compared(comparison))}"
    changes = [one for one in comparison.changes if one.delta]
    if changes[:top]:
        yield from ("", "| | command | where | biggest paths |", "|--:|---|---|---|")
    for one in changes[:top]:
        places = _places(one.grown if one.delta > 0 else one.shrunk)
        cells = (signed(one.delta), code(one_line(one.command)), changed_where(one), places)
        yield f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"
    if len(changes) > top:
        rest = sum(one.delta for one in changes[top:])
        yield f"\nand {len(changes) - top} more, {signed(rest)}"
    yield ""


def _verdicts(verdicts: list[Verdict]) -> Iterator[str]:
    if verdicts:
        yield ""
    for one in verdicts:
        mark = ":white_check_mark:" if one.ok else ":x: **broken**"
        yield f"- {mark} {code(f'{one.name} {one.limit}')}: {text(one.actual)}"


BAR = r"\|"  # a bar in a table's cell, in code too (GitHub Flavored Markdown, 4.10)


def _places(weights: Iterable[Weight]) -> str:
    return ", ".join(code(place(one)) for one in [*weights][:_PATHS])


def code(content: str) -> str:
    """Return a code span that holds the text as it is, its own backticks too."""
    runs = [len(run) for run in re.findall("`+", content)]
    fence = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    blank = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{blank}{content}{blank}{fence}"


def text(content: str) -> str:
    """Return prose in which nothing is markup."""
    return re.sub(r"([\\`*_\[\]<>#|@])", r"\\\1", content)
