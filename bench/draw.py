"""Results as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from bench.contest import Result, Score

OURS, OTHERS = "#0d597f", "#b8c4cc"  # Alpine's blue, and grey
COLUMNS = 2
MIB = 1 << 20
mpl.use("svg")
mpl.rcParams.update({
    "svg.hashsalt": "emit", "svg.fonttype": "path", "font.size": 8, "axes.titlesize": 9,
    "axes.titleweight": "bold", "axes.titlelocation": "left",
})  # fmt: skip


def draw(results: Sequence[Result], file: Path) -> None:
    """Write bars of the medians, with the spread, a panel a case."""
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after mpl.use

    rows = -(-len(results) // COLUMNS)
    tallest = [
        max(len(result.scores) for result in results[row * COLUMNS : (row + 1) * COLUMNS])
        for row in range(rows)
    ]
    height = sum(tallest) * 0.2 + rows * 0.55
    figure, axes = plt.subplots(
        rows, COLUMNS, figsize=(9, height), squeeze=False, layout="constrained",
        gridspec_kw={"height_ratios": tallest},
    )  # fmt: skip
    for place, result in zip(axes.flat, results, strict=False):
        panel(place, result)
    for place in axes.flat[len(results) :]:
        place.axis("off")
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def panel(place: Axes, result: Result) -> None:
    """Draw one case, the fastest at its top."""
    scores = sorted(
        (score for score in result.scores if score.times), key=lambda score: -score.median
    )
    names, middles = [score.name for score in scores], [score.median for score in scores]
    colours = [OURS if "get.sh" in name else OTHERS for name in names]
    spread = [
        [score.median - min(score.times) for score in scores],
        [max(score.times) - score.median for score in scores],
    ]
    place.barh(names, middles, color=colours, xerr=spread, error_kw={"lw": 0.8, "ecolor": "#555"})
    for number, score in enumerate(scores):
        place.annotate(
            f" {score.median:.2f} s", (max(score.times), number), va="center", fontsize=7
        )
    place.set_title(result.title)
    place.set_xlim(0, max(max(score.times) for score in scores) * 1.18)
    place.spines[["top", "right"]].set_visible(False)
    place.tick_params(left=False)


def curves(results: Sequence[Result], file: Path) -> None:
    """Write what grows with the size, a line a number of connections.

    The name of a result is its profile and its MiB, that of a score ends in its connections.
    """
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after mpl.use

    figure, axes = plt.subplots(2, 2, figsize=(9, 6.4), layout="constrained")
    profiles = sorted({result.name.partition(", ")[0] for result in results}, reverse=True)
    for place, profile in zip(axes[0], profiles, strict=False):
        lines(place, results, profile, lambda score: score.median)
        place.set(title=f"Seconds, {profile}", yscale="log")
    lines(axes[1][0], results, profiles[0], lambda score: score.cost.memory / MIB)
    lines(axes[1][1], results, profiles[0], lambda score: score.cost.requests)
    axes[1][0].set(title="Peak memory, MiB")
    axes[1][1].set(title="Requests", yscale="log")
    axes[0][0].legend(frameon=False, fontsize=7)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def lines(
    place: Axes, results: Sequence[Result], profile: str, value: Callable[[Score], float]
) -> None:
    """Draw one figure against the size, on a scale of doublings."""
    found: dict[str, list[tuple[int, float]]] = {}
    for result in results:
        of, _, size = result.name.partition(", ")
        for score in result.scores:
            if of == profile and score.times:
                found.setdefault(score.name.split()[-1], []).append((int(size), value(score)))
    for number, (name, points) in enumerate(found.items()):
        colour = mpl.colormaps["viridis"](number / len(found))
        place.plot(*zip(*points, strict=True), "o-", ms=3, lw=1.2, color=colour, label=name)
    place.set_xscale("log", base=2)
    place.set_xlabel("MiB")
    place.spines[["top", "right"]].set_visible(False)
