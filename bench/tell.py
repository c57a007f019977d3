"""Results as Markdown."""

from __future__ import annotations

import os
from shlex import join
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contest import Result, Score

HEAD = (
    "| | n | median, s | least to most, s | of the first's time "
    "| CPU, s | memory, MiB | space beyond the file, MiB | requests |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def heading(words: Sequence[str], image: str, absent: Sequence[str]) -> str:
    """Say what made the page, and who was not there."""
    missing = f" Not here: {', '.join(absent)}." if absent else ""
    made = join(["make", "bench", *([f"ARGS={join(words)}"] if words else [])])
    return f"""\
# Downloads, side by side

`{made}` made this page: nginx on the loopback and {image}, {os.cpu_count()} cores for both.
Contestants take turns; the times are medians of n runs. CPU, memory (looked at every 20 ms), space
and requests are of one more run, whose every byte is compared.{missing}
"""


def table(result: Result, level: int = 2) -> str:
    """Return a table of one case, with the load average at its end."""
    first = result.scores[0]
    rows = [row(score, first) for score in result.scores]
    title = f"{'#' * level} {result.title}"
    return "\n".join(
        [title, "", HEAD, *rows, "", f"Load average at its end: {result.load:.1f}.", ""]
    )


def row(score: Score, first: Score) -> str:
    """Return one contestant's line."""
    if not score.times:
        why = " ".join(score.error.split())[-100:].replace("|", " ")
        return f"| {score.name} | 0 | failed: {why} | | | | | | |"
    cost = score.cost
    ratio = f"{score.median / first.median:.2f}" if first.times else ""
    cells = [
        score.name,
        str(len(score.times)),
        f"{score.median:.2f}",
        f"{min(score.times):.2f} to {max(score.times):.2f}",
        ratio,
        f"{cost.cpu:.2f}",
        f"{cost.memory / (1 << 20):.1f}",
        f"{cost.space / (1 << 20):.0f}",
        str(cost.requests),
    ]
    return f"| {' | '.join(cells)} |"
