"""How soon does emit answer? Medians, beside Python alone and click alone.

python -m bench.startup [--runs N]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

ROWS = (
    ("python -c pass", ("-c", "pass")),
    ("python -c 'import click'", ("-c", "import click")),
    ("emit --help", ("-m", "emit", "--help")),
    ("emit --version", ("-m", "emit", "--version")),
    ("emit rget", ("-m", "emit", "rget")),
    ("emit rget --minify", ("-m", "emit", "rget", "--minify")),
)
YARDSTICK = 1  # the row that the ratios are of


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.startup", description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=21, help="runs of each (21)")
    runs = parser.parse_args().runs
    times: list[list[float]] = [[] for _ in ROWS]
    for _ in range(runs):
        for row, (_, words) in zip(times, ROWS, strict=True):
            row.append(timed(words))
    middles = [statistics.median(row) for row in times]
    print(f"| | median of {runs}, ms | least, ms | of click's median | of click's least |")
    print("|---|--:|--:|--:|--:|")
    least = min(times[YARDSTICK])
    for (name, _), row, middle in zip(ROWS, times, middles, strict=True):
        ratios = f"{middle / middles[YARDSTICK]:.2f} | {min(row) / least:.2f}"
        print(f"| `{name}` | {middle * 1000:.0f} | {min(row) * 1000:.0f} | {ratios} |")


def timed(words: tuple[str, ...]) -> float:
    """Return the seconds that Python takes for these words."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
