"""Sizes of boxes -> their places and the lines between them: Graphviz's `dot` decides.

The one module that knows pygraphviz, whose wheels carry Graphviz. Boxes come with their
sizes and without text, so that no font of this machine moves anything.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emit.errors import ToolError

Point = tuple[float, float]
_INCH = 72  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Places in points from the upper left: middles of boxes, and a spline an arrow."""

    width: float
    height: float
    boxes: dict[str, Point]
    arrows: dict[tuple[str, str], tuple[Point, ...]]


def place(
    sizes: Mapping[str, Point],
    arrows: Sequence[tuple[str, str]],
    ranks: Sequence[Sequence[str]],
    *,
    across: bool,
) -> Layout:
    """Return where boxes of these sizes go, left to right (`across`) or downwards.

    The boxes of a rank are put into one column. Raises ToolError without pygraphviz.
    """
    try:
        from pygraphviz import AGraph  # noqa: PLC0415 - it is optional, and slow to import
    except ImportError as error:
        raise ToolError(
            "a picture needs Graphviz: pip install 'emit-sh[graph]', or ask for "
            "--format dot or mermaid"
        ) from error
    graph = AGraph(string="\n".join(_dot(sizes, arrows, ranks, across=across)))
    return _read(graph.draw(format="plain", prog="dot").decode())


def _dot(
    sizes: Mapping[str, Point],
    arrows: Sequence[tuple[str, str]],
    ranks: Sequence[Sequence[str]],
    *,
    across: bool,
) -> Iterator[str]:
    yield f"strict digraph {{ rankdir={'LR' if across else 'TB'}; nodesep=0.28; ranksep=0.55"
    yield 'node [shape=box, fixedsize=true, label=""]'
    for name, (width, height) in sizes.items():
        yield f"{name} [width={width / _INCH:.4f}, height={height / _INCH:.4f}]"
    for start, end in arrows:
        yield f"{start} -> {end}"
    for rank in ranks:
        yield f"{{ rank=same; {'; '.join(rank)} }}"
    yield "}"


def _read(plain: str) -> Layout:
    """Read Graphviz's plain format, whose inches count from the lower left."""
    boxes: dict[str, Point] = {}
    arrows: dict[tuple[str, str], tuple[Point, ...]] = {}
    width = height = 0.0
    for line in plain.replace("\\\n", "").splitlines():
        what, *fields = shlex.split(line)
        if what == "graph":
            width, height = float(fields[1]) * _INCH, float(fields[2]) * _INCH
        elif what == "node":
            boxes[fields[0]] = _point(fields[1], fields[2], height)
        elif what == "edge":
            numbers = fields[3 : 3 + 2 * int(fields[2])]
            points = zip(numbers[::2], numbers[1::2], strict=True)
            arrows[fields[0], fields[1]] = tuple(_point(x, y, height) for x, y in points)
    return Layout(width=width, height=height, boxes=boxes, arrows=arrows)


def _point(x: str, y: str, height: float) -> Point:
    return float(x) * _INCH, height - float(y) * _INCH
