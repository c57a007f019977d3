"""What hits on a second machine, and what that saves? The tables of docs/cache.md.

.venv/bin/python -m bench.cache [--runs N] [--only hits|times] [-o bench/cache.md]

`make bench-cache` runs it. Needs root, Docker with alpine:3.20, and docker-registry, which
it unpacks from the distribution's package where it is not installed. Every build runs in an
engine of its own, empty but for the base image; nothing else on this machine is touched.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from emit.cache.machine import STORES, missing
from integration import containers, registry
from integration.hits import OTHERS, OURS, UNCHANGED, Outcome, Project, Way, twice

#: What the dependencies take: seconds to compute, MiB of what cannot be compressed.
KINDS = ((10, 1), (0, 0))
WAYS = {
    "overlay2": ("none", "inline"),
    "containerd": ("none", "registry"),
}
SAME = "none, the same machine"  # what a laptop has: the engine's own cache


def main() -> None:
    """Measure, and write the tables as they come."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each time (5)")
    parser.add_argument("--only", choices=["hits", "times"], help="one of the tables")
    parser.add_argument("-o", dest="file", default=os.devnull, help="where to, besides stdout")
    asked = parser.parse_args()
    reason = missing() or containers.no_docker()
    if reason:
        sys.exit(f"bench: {reason}")
    with tempfile.TemporaryDirectory() as name, Path(asked.file).open("w") as page:
        for line in tables(Path(name), asked.runs, asked.only):
            print(line, flush=True)
            page.write(f"{line}\n")
            page.flush()


def tables(folder: Path, runs: int, only: str | None) -> Iterator[str]:
    """Yield the lines of the page."""
    images = folder / "images.tar"
    if containers.docker("save", "-o", str(images), "alpine:3.20").returncode:
        sys.exit("bench: there is no image alpine:3.20: see integration/docker-up")
    program = registry.find(folder / "package")
    if program is None:
        sys.exit("bench: there is no docker-registry, and none could be unpacked with apt")
    version = containers.docker("version", "-f", "{{.Server.Version}}").stdout.decode().strip()
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}"
    yield f"Engine {version}, {machine}, docker-registry on loopback."
    with registry.serving(program, folder) as host:
        if only != "times":
            yield from hits(folder, host, images)
        if only != "hits":
            yield from times(folder, host, images, runs)


def hits(folder: Path, host: str, images: Path) -> Iterator[str]:
    """Yield the table of hits: what was not built again on a second machine."""
    yield "\n| how the cache is kept | overlay2 | containerd's store |\n|---|---|---|"
    for number, way in enumerate((*OURS, *OTHERS)):
        cells = []
        for store in STORES:
            image = f"{host}/hits-{number}-{store}"
            project = Project(folder=folder / f"hits-{number}-{store}", image=image)
            cells.append(cell(*twice(project, way, store, images)))
        yield f"| {'**emit** ' if way in OURS else ''}{way.name} | {' | '.join(cells)} |"


def cell(first: Outcome, second: Outcome) -> str:
    """Say what became of the steps that did not change."""
    if first.status or second.status:
        failed = first if first.status else second
        lines = failed.log.strip().splitlines()
        words = next((line for line in lines if line.startswith("ERROR: ")), lines[-1])
        return f"exit {failed.status}: {words.partition(': ')[2] or words}"
    again = UNCHANGED & second.ran
    return "rebuilt: " + ", ".join(sorted(again)) if again else "**reused**"


def times(folder: Path, host: str, images: Path, runs: int) -> Iterator[str]:
    """Yield the table of times: a source was changed, the machine is another one."""
    yield f"\nMedian of {runs}, s (least to most). Before the second build a source was changed."
    yield "\n| dependencies | store | CACHE | first build | second build |\n|---|---|---|--:|--:|"
    for kind, (store, ways) in product(KINDS, WAYS.items()):
        for number, cache in enumerate((SAME, *ways)):
            name = "-".join(("times", *map(str, kind), store, str(number)))
            both = [
                timed(folder / f"{name}-{run}", host, kind, cache, store, images)
                for run in range(runs)
            ]
            cells = " | ".join(spread(list(side)) for side in zip(*both, strict=True))
            yield f"| {kind[0]} s, {kind[1]} MiB | {store} | {cache} | {cells} |"


def timed(
    folder: Path, host: str, kind: tuple[int, int], cache: str, store: str, images: Path
) -> tuple[float, float]:
    """Return the seconds of both builds; a build that fails is not timed."""
    image = f"{host}/{folder.name}"
    project = Project(folder=folder, image=image, seconds=kind[0], size=kind[1])
    way = Way(name=cache, cache=cache.partition(",")[0])
    both = twice(project, way, store, images, moved=cache != SAME)
    for one in both:
        if one.status:
            sys.exit(f"bench: {cache} in {store} failed:\n{one.log}")
    return both[0].seconds, both[1].seconds


def spread(seconds: list[float]) -> str:
    """Return the median, and the ends."""
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"


if __name__ == "__main__":
    main()
