"""A plan of boxes and arrows -> SVG that stands on light and dark pages."""

import re
from collections.abc import Iterator
from html import escape

from emit.graph import Arrow, Box, GraphPlan
from emit.graph_text import kind
from emit.layout import Layout, Point, place

_MARGIN = 12
_CAPTIONS = 22  # above or to the left, for the numbers of the steps
_LEGEND = 34
_DIGEST = re.compile(r"@sha256:([0-9a-f]{8})[0-9a-f]+")
_LONGEST = 42  # characters of a title
_PAGE = 1000  # points that are not too wide
_BOX, _IMAGE = 46, 28  # heights
_HEADROOM = 7  # the length of an arrow's head

_STYLE = """\
text { font: 12px ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
text { fill: #24292f }
.title { font-weight: 600; font-size: 13px }
.small { font-size: 11px; fill: #57606a }
.box { fill: #e8f0fe; stroke: #3367d6; stroke-width: 1.2 }
.image .box { fill: #fff7e0; stroke: #b58900 }
.target .box { fill: #3367d6; stroke: #12305e }
.target text { fill: #fff }
.spare .box { fill: #f4f4f4; stroke: #999; stroke-dasharray: 4 3 }
.spare text { fill: #6e7781 }
.arrow { fill: none; stroke: #57606a; stroke-width: 1.4 }
.copy { stroke-dasharray: 6 4 }
.mount { stroke-dasharray: 1.5 3.5 }
.head { fill: #57606a }
.faint .arrow { stroke: #afb8c1 }
.faint .head { fill: #afb8c1 }
.onbuild .arrow { stroke: #bf3989 }
.onbuild .head { fill: #bf3989 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.small { fill: #9198a1 }
.box { fill: #12243f; stroke: #5b8def }
.image .box { fill: #33290a; stroke: #d4a72c }
.target .box { fill: #2f62cc; stroke: #a5c3ff }
.spare .box { fill: #21262d; stroke: #6e7681 }
.spare text { fill: #9198a1 }
.arrow { stroke: #9198a1 }
.head { fill: #9198a1 }
.faint .arrow { stroke: #59636e }
.faint .head { fill: #59636e }
}
"""


def as_svg(plan: GraphPlan) -> str:
    """Return the picture; raises ToolError where there is nothing to place it with."""
    stages = [box for box in plan.boxes if not box.image]
    steps = max(box.step for box in stages)
    ranks = [[box.id for box in stages if box.step == step] for step in range(1, steps + 1)]
    sizes = {box.id: (_width(box), float(_IMAGE if box.image else _BOX)) for box in plan.boxes}
    pairs = list(dict.fromkeys((arrow.start, arrow.end) for arrow in plan.arrows))
    layout, across = _place(sizes, pairs, ranks)
    legend = _legend(plan)
    left, top = (0, _CAPTIONS) if across else (_CAPTIONS, 0)
    width = max(layout.width + left, sum(_legend_width(text) for text, _ in legend)) + 2 * _MARGIN
    height = layout.height + top + _LEGEND + 2 * _MARGIN
    body = [
        *_captions(plan, layout, across=across),
        f'<g transform="translate({_MARGIN + left} {_MARGIN + top})">',
        *(line for arrow in _drawn(plan) for line in _arrow(arrow, layout)),
        *(line for box in plan.boxes for line in _box(box, layout.boxes[box.id], sizes[box.id])),
        "</g>",
        *_draw_legend(legend, height - _MARGIN - 6),
    ]
    title = escape(f"The stages of {plan.file}, and which {plan.target} needs")
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" {size}>',
            f"<title>{title}</title>",
            f"<style>\n{_STYLE}</style>",
            *body,
            "</svg>\n",
        ]
    )


def _place(
    sizes: dict[str, Point], pairs: list[tuple[str, str]], ranks: list[list[str]]
) -> tuple[Layout, bool]:
    """Place from left to right, or downwards where that would be wide and this is not."""
    layout = place(sizes, pairs, ranks, across=True)
    if layout.width > _PAGE:
        down = place(sizes, pairs, ranks, across=False)
        if down.width < layout.width:
            return down, False
    return layout, True


def _title(box: Box) -> str:
    """Return what is written into a box: long digests cut short, long names in their middle."""
    title = _DIGEST.sub(r"@\1…", box.title)
    half = _LONGEST // 2
    return title if len(title) <= _LONGEST else f"{title[:half]}…{title[-half:]}"


def _width(box: Box) -> float:
    """Return a width that the text fits into, whatever the font."""
    wide = max(len(_title(box)) * 7.8, 0 if box.image else len(box.detail) * 6.6)
    return max(64.0, wide + 26)


def _drawn(plan: GraphPlan) -> list[Arrow]:
    """Return one arrow a pair of boxes, FROM before the rest; the faint ones below."""
    best: dict[tuple[str, str], Arrow] = {}
    for arrow in plan.arrows:
        best.setdefault((arrow.start, arrow.end), arrow)
    return sorted(best.values(), key=lambda arrow: arrow.needed)


def _arrow(arrow: Arrow, layout: Layout) -> Iterator[str]:
    points = layout.arrows[arrow.start, arrow.end]
    (x1, y1), (x2, y2) = points[-2], points[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    dx, dy = (x2 - x1) / length * _HEADROOM, (y2 - y1) / length * _HEADROOM
    classes = [arrow.kind, *(["faint"] if not arrow.needed else [])]
    classes += ["onbuild"] if arrow.onbuild else []
    head = ((x2 + dx, y2 + dy), (x2 - dy / 2, y2 + dx / 2), (x2 + dy / 2, y2 - dx / 2))
    yield f'<g class="{" ".join(classes[1:])}">' if len(classes) > 1 else "<g>"
    rest = " ".join(f"{x:.1f},{y:.1f}" for x, y in points[1:])
    yield (f'<path class="arrow {arrow.kind}" d="M{points[0][0]:.1f},{points[0][1]:.1f} C{rest}"/>')
    yield f'<path class="head" d="M{" L".join(f"{x:.1f},{y:.1f}" for x, y in head)} Z"/></g>'


def _box(box: Box, middle: Point, size: Point) -> Iterator[str]:
    (x, y), (width, height) = middle, size
    round_ = height / 2 if box.image else 7
    yield f'<g class="{kind(box)}">'
    yield (
        f'<rect class="box" x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" rx="{round_:.0f}"/>'
    )
    weight = "" if box.image else ' class="title"'
    yield (
        f'<text{weight} x="{x:.1f}" y="{y + (4 if box.image else -3):.1f}" '
        f'text-anchor="middle">{escape(_title(box))}</text>'
    )
    if not box.image:
        yield (
            f'<text class="small" x="{x:.1f}" y="{y + 14:.1f}" '
            f'text-anchor="middle">{escape(box.detail)}</text>'
        )
    yield "</g>"


def _captions(plan: GraphPlan, layout: Layout, *, across: bool) -> Iterator[str]:
    """Put its number beside each column or row, whose stages can be built at the same time."""
    places = {box.step: layout.boxes[box.id] for box in plan.boxes if not box.image}
    if len(places) < 2:  # noqa: PLR2004 - one step needs no number
        return
    for step, (x, y) in sorted(places.items()):
        left, top = (x + _MARGIN, _MARGIN + 8) if across else (_MARGIN + 6, y + _MARGIN + 4)
        yield (
            f'<text class="small" x="{left:.1f}" y="{top:.1f}" text-anchor="middle">{step}</text>'
        )


def _legend(plan: GraphPlan) -> list[tuple[str, str]]:
    """Return words and the class of a line or box for each, as far as they are drawn."""
    drawn = _drawn(plan)
    items = [
        (words, name)
        for words, name in (("FROM", "from"), ("COPY --from", "copy"), ("mount", "mount"))
        if any(arrow.kind == name and not arrow.onbuild for arrow in drawn)
    ]
    if any(arrow.onbuild for arrow in drawn):
        items.append(("ONBUILD", "onbuild"))
    if any(box.target for box in plan.boxes):
        items.append(("target", "target"))
    if any(not box.needed for box in plan.boxes):
        items.append(("not built for it", "spare"))
    return items


def _legend_width(text: str) -> float:
    return len(text) * 6.4 + 48


def _draw_legend(items: list[tuple[str, str]], y: float) -> Iterator[str]:
    x = float(_MARGIN)
    for text, name in items:
        if name in {"target", "spare"}:
            yield (
                f'<g class="{name}"><rect class="box" x="{x:.1f}" y="{y - 9:.1f}" '
                'width="22" height="12" rx="3"/></g>'
            )
        else:
            group = '<g class="onbuild">' if name == "onbuild" else "<g>"
            yield f'{group}<path class="arrow {name}" d="M{x:.1f},{y - 3:.1f} h22"/></g>'
        yield f'<text class="small" x="{x + 28:.1f}" y="{y + 1:.1f}">{escape(text)}</text>'
        x += _legend_width(text)
