"""The report for a terminal: what to change first, then the layers. By rich."""

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from emit.console import drawn
from emit.layers.budget import Verdict
from emit.layers.compare import Change, Comparison
from emit.layers.findings import Finding
from emit.layers.report import LayerReport, Report
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

_BAR = 10  # columns
_WIDE = 80  # of a terminal that has room for bars beside the commands
_PATHS = 3
_ROWS = 5


def draw(
    shown_of: Report | Comparison,
    verdicts: Iterable[Verdict],
    *,
    top: int,
    width: int,
    colour: bool,
) -> str:
    """Return a report or a comparison in lines of at most `width` columns."""
    if isinstance(shown_of, Report):
        parts = _parts(shown_of, top, bars=width >= _WIDE)
    else:
        parts = _compared(shown_of, top)
    return drawn((*parts, *map(_verdict, verdicts)), width=width, colour=colour)


def _parts(report: Report, top: int, *, bars: bool) -> Iterator[Text | Table]:
    yield Text(headline(report), style="bold")
    found = worth(report)
    if found[:top]:
        yield Text("\nWhat to change", style="bold")
        yield _findings(found[:top], report)
    if not found:
        yield Text("\nNothing to gain: no bytes are stored in vain.", style="green")
    if len(found) > top:
        rest = sum(one.bytes for one in found[top:])
        yield Text(f"and {len(found) - top} more, {shown(rest)}: --top {len(found)}", style="dim")
    for line in secret_lines(report):
        yield Text(line, style="yellow")
    yield Text("\nLayers", style="bold")
    yield _layers(report, bars=bars)
    for line in notes(report):
        yield Text(line, style="dim")


def _compared(comparison: Comparison, top: int) -> Iterator[Text | Table]:
    yield Text(compared(comparison), style="bold")
    changes = [one for one in comparison.changes if one.delta]
    if changes[:top]:
        yield Text("\nWhat made the difference", style="bold")
        table = _grid()
        for number, one in enumerate(changes[:top], 1):
            style = "bold red" if one.delta > 0 else "bold green"
            table.add_row(f"{number}.", Text(signed(one.delta), style), _changed(one))
        yield table
    if len(changes) > top:
        rest = sum(one.delta for one in changes[top:])
        more = f"and {len(changes) - top} more, {signed(rest)}: --top {len(changes)}"
        yield Text(more, style="dim")
    for word, weights in (("\nGrown", comparison.grown), ("\nShrunk", comparison.shrunk)):
        if weights:
            yield Text(word, style="bold")
            table = _grid()
            for weight in weights[:_ROWS]:
                table.add_row("", Text(shown(weight.bytes)), Text(weight.path))
            yield table


def _changed(one: Change) -> Text:
    text = Text(one_line(one.command), "bold")
    text.append(f"  ({changed_where(one)})", "dim")
    places = _places(one.grown if one.delta > 0 else one.shrunk)
    text.append(f"\n{places}" if places else "", "dim")
    return text


def _verdict(verdict: Verdict) -> Text:
    mark, style = ("ok    ", "green") if verdict.ok else ("BROKEN", "red")
    return Text.assemble((mark, style), f" {verdict}")


def _grid() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _findings(found: Iterable[Finding], report: Report) -> Table:
    table = _grid()
    for number, one in enumerate(found, 1):
        table.add_row(f"{number}.", Text(shown(one.bytes), "bold red"), _said(one, report))
    return table


def _said(one: Finding, report: Report) -> Text:
    blamed = culprit(report, one)
    text = Text()
    text.append(one_line(blamed.command), "bold")
    text.append(f"  {where(blamed)}\n", "dim")
    text.append(one.what)
    if one.killed_by not in (None, one.layer):
        storer = report.layers[one.layer - 1]
        text.append(f": {one_line(storer.command)}")
        text.append(f"  {where(storer)}" if storer.source else "", "dim")
    text.append(f"\n{_places(one.paths)}\n", "dim")
    text.append(f"→ {one.hint}", "green")
    return text


def _places(weights: Iterable[Weight]) -> str:
    return " · ".join(map(place, [*weights][:_PATHS]))


def _layers(report: Report, *, bars: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), expand=True)
    for name, least in (("#", 3), ("size", 7), ("to pull", 7), ("wasted", 7)):
        table.add_column(name, justify="right", no_wrap=True, min_width=least)
    if bars:
        table.add_column("", no_wrap=True, min_width=_BAR)
    table.add_column("command, biggest paths", overflow="ellipsis", no_wrap=True, ratio=1)
    most = max((layer.stored for layer in report.layers), default=0) or 1
    for layer in report.layers:
        command = Text(" ".join(layer.command.split()) or "(no command in the history)")
        source = [f"{layer.source.file}:{layer.source.line}"] if layer.source else []
        if source or layer.top:
            below = " · ".join([*source, *map(place, layer.top[:_PATHS])])
            command.append(f"\n{below}", "dim")
        table.add_row(
            f"{layer.index}{'b' if layer.base else ''}",
            shown(layer.stored),
            shown(layer.pulled) if layer.pulled is not None else "?",
            Text(shown(layer.wasted) if layer.wasted else "", "red"),
            *([_bar(layer, most)] if bars else []),
            command,
        )
    return table


def _bar(layer: LayerReport, most: int) -> Text:
    """Draw the layer's part of the biggest, what was wasted of it in red."""
    full = round(_BAR * layer.stored / most)
    lost = round(_BAR * layer.wasted / most)
    return Text.assemble(("█" * (full - lost), "blue"), ("░" * lost, "red"))
