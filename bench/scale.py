"""How do time, memory, space and requests of rget.sh grow with size and -P? Tables and a plot.

python -m bench.scale [--runs N] [--size MIB]... [-o DIR]; needs Docker and matplotlib.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contest import Case, Result, hold
from bench.contestants import choose, commands
from bench.download import MIB, ROOT, scripts
from bench.draw import curves
from bench.ground import PLAIN, Ground, ground, random_file
from bench.tell import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.ground import File

SIZES = (1, 4, 16, 64, 256, 1024)
PROCESSES = (1, 2, 4, 8, 16, 32, 64)
PROFILES = (PLAIN, "25 MB/s")
SLOW = 1024  # MiB that a connection held to 25 MB/s is not asked for


def main() -> None:
    """Measure, tell, draw."""
    parser = argparse.ArgumentParser(prog="bench.scale", description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=3, help="runs of each (3)")
    parser.add_argument("--size", type=int, action="append", help="MiB; repeatable (1 to 1024)")
    parser.add_argument("--image", default="alpine:3.20", help="where it runs (alpine:3.20)")
    parser.add_argument("-o", dest="output", type=Path, default=ROOT / "build/bench/results")
    asked = parser.parse_args()
    cache = ROOT / "build/bench"
    asked.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with ground(folder, cache, asked.image) as here:
            scripts(here, None)
            results = [*measured(here, asked)]
    text = "\n".join(table(result) for result in results)
    (asked.output / "scale.md").write_text(text)
    data = [result.json() for result in results]
    (asked.output / "scale.json").write_text(json.dumps(data, indent=1) + "\n")
    curves(results, asked.output / "scale.svg")
    print(f"written to {asked.output}", file=sys.stderr)


def measured(here: Ground, asked: argparse.Namespace) -> Iterator[Result]:
    """Give a result a size and profile."""
    for size in asked.size or SIZES:
        file = random_file(here.nginx.www, size * MIB)
        for profile in PROFILES:
            if profile == PLAIN or size < SLOW:
                result = hold(here, case(here, file, profile), asked.runs, float("inf"))
                print(table(result), flush=True)
                yield result
        (here.nginx.www / file.name).unlink()


def case(here: Ground, file: File, profile: str) -> Case:
    """Return a file's download with each number of connections."""
    size = file.size // MIB
    names = [f"rget.sh -P{number}" for number in PROCESSES]
    lines = commands(here.url(file, profile, "https"), file.sha256, check=False)
    return Case(
        name=f"{profile}, {size}",
        title=f"{size} MiB, https, {profile}",
        size=file.size,
        sha256=file.sha256,
        contestants=choose(lines, names, ("-",)),
    )


if __name__ == "__main__":
    main()
