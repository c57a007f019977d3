"""The results as a table, or as what JSON is made of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from emit.console import drawn
from emit.selftest.judge import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emit.selftest.case import Case
    from emit.selftest.suite import Result

VERSION = 1
_MIB = 1 << 20
_WIDE = 120  # columns
_MARKS = {Grade.OK: "ok", Grade.WEAK: "weak", Grade.BAD: "BAD", Grade.SKIPPED: "-"}
_STYLES = {Grade.OK: "green", Grade.WEAK: "yellow", Grade.BAD: "bold red", Grade.SKIPPED: "dim"}


def draw(results: Sequence[Result], *, width: int, colour: bool) -> str:
    """Return a table a machine; of several machines, one that compares them and what is not ok."""
    return drawn(_parts(results, wide=width >= _WIDE), width=width, colour=colour)


def draw_cases(cases: Iterable[Case], *, width: int, colour: bool) -> str:
    """Return what the cases are."""
    table = _table("case", "the server", "right is", "needs")
    for case in cases:
        needs = " ".join(case.needs()) or ("--big" if case.big else "")
        table.add_row(case.name, case.server, case.expected, needs)
    return drawn([table], width=width, colour=colour)


def as_data(script: str, results: Sequence[Result]) -> dict[str, Any]:
    """Return the report as plain data, of the shape that docs/selftest.md tells."""
    return {
        "version": VERSION,
        "script": script,
        "summary": {grade.value: count for grade, count in _counts(results).items()},
        "results": [_as_row(one) for one in results],
    }


def list_data(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Return the cases as plain data."""
    return [_as_case(case) | {"needs": list(case.needs()), "big": case.big} for case in cases]


def summary(results: Sequence[Result]) -> str:
    """Return how many went how."""
    told = [f"{count} {grade}" for grade, count in _counts(results).items() if count]
    return f"{len(results)} case{'s' * (len(results) != 1)}: {', '.join(told)}"


def _counts(results: Iterable[Result]) -> dict[Grade, int]:
    counted = Counter(one.verdict.grade for one in results)
    return {grade: counted[grade] for grade in Grade}


def _as_case(case: Case) -> dict[str, Any]:
    return {
        "case": case.name,
        "guarantee": case.guarantee,
        "server": case.server,
        "expected": case.expected,
    }


def _as_row(one: Result) -> dict[str, Any]:
    told: dict[str, Any] = {
        "place": one.machine,
        "grade": one.verdict.grade.value,
        "happened": one.verdict.happened,
    }
    if one.seen is not None:
        told |= {
            "status": one.seen.status,
            "requests": one.seen.requests,
            "bytes": one.seen.sent,
            "seconds": round(one.seen.seconds, 2),
            "stderr": one.seen.said,
        }
    return _as_case(one.case) | told


def _parts(results: Sequence[Result], *, wide: bool) -> Iterator[Table | Text]:
    places = list(dict.fromkeys(one.machine for one in results))
    if len(places) > 1:
        yield _matrix(results, places)
        results = [one for one in results if one.verdict.grade in {Grade.WEAK, Grade.BAD}]
    for place in places:
        here = [one for one in results if one.machine == place]
        if here:
            yield Text(f"\n{place}", style="bold")
            yield _told((one for one in here if one.seen is not None), wide=wide)
            yield from _skipped(one for one in here if one.seen is None)


def _matrix(results: Iterable[Result], places: Sequence[str]) -> Table:
    """One row a case, one column a place."""
    table = _table("case", *places)
    grades = {(one.case.name, one.machine): one.verdict.grade for one in results}
    for name in dict.fromkeys(name for name, _ in grades):
        row = (grades.get((name, place)) for place in places)
        table.add_row(name, *(_mark(grade) if grade else Text("") for grade in row))
    return table


def _mark(grade: Grade) -> Text:
    return Text(_MARKS[grade], style=_STYLES[grade])


def _told(results: Iterable[Result], *, wide: bool) -> Table:
    """One row a case; what the server does is told where there is room for it."""
    table = _table("", "case", *["the server"] * wide, "expected", "what happened")
    table.expand = True
    for column, ratio in (("the server", 4), ("what happened", 5)):
        for shown in table.columns:
            shown.ratio = ratio if shown.header == column else shown.ratio
    for column in ("req", "MiB", "s"):
        table.add_column(column, justify="right", style="dim")
    for one in results:
        if one.seen is not None:
            numbers = (f"{one.seen.requests}", f"{one.seen.sent / _MIB:.1f}")
            table.add_row(
                _mark(one.verdict.grade),
                one.case.name,
                *[Text(one.case.server, style="dim")] * wide,
                one.case.expected,
                one.verdict.happened,
                *numbers,
                f"{one.seen.seconds:.1f}",
            )
    return table


def _skipped(results: Iterable[Result]) -> Iterator[Text]:
    """One line for each option that the script does not offer."""
    names: dict[str, list[str]] = {}
    for one in results:
        names.setdefault(one.verdict.happened, []).append(one.case.name)
    for option, cases in names.items():
        yield Text(f"not offered, {option}: {', '.join(cases)}", style="dim")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=column in {"", "case", "expected", "right is"})
    return table
