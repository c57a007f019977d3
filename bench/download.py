"""How fast is rget.sh? Others, in the same container, from the same nginx, taking turns.

Needs Docker; curl, aria2, axel and GNU wget are Debian's, unpacked below build/bench by apt.
Prints a table a case, and writes it with the figures (JSON) and a plot (SVG) to a folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.bars import bars
from bench.contest import Case, Result, hold
from bench.contestants import ALL, CHECKED, absent, choose, commands, unpacking
from bench.draw import draw
from bench.ground import FAR, PLAIN, File, Ground, archive, ground, random_file
from bench.tell import heading, table
from emit.selftest.container import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent
MIB = 1 << 20
HELD = ("rget.sh -P16", "rget.sh", "aria2c -x16", "aria2c -x4", "axel -n16", "ancestor -P16")
SOME = ("rget.sh", "wget", "curl", "aria2c -x4", "aria2c -x16", "axel -n4", "ancestor -P4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A case before its server and files are there; `weight` is its share of the time."""

    name: str
    size: int
    names: Sequence[str]
    weight: int
    profile: str = PLAIN
    scheme: str = "https"
    check: bool = False

    @property
    def title(self) -> str:
        """Say what is done."""
        check = ", sha256 checked" if self.check else ""
        size = f"{self.size >> 10} GiB" if self.size >= 1 << 10 else f"{self.size} MiB"
        profile = {
            PLAIN: "",
            FAR: ", first byte after 100 ms",
        }.get(self.profile, f", {self.profile} a connection")
        return f"{size}, {self.scheme}{check}{profile}"


#: By what `make bench` may leave out: --quick keeps the small ones, --all adds the rest.
JOBS = (
    Job(name="big", size=1024, names=ALL, weight=24),
    Job(name="big-sha256", size=1024, names=CHECKED, weight=36, check=True),
    Job(name="held", size=256, names=HELD[:1] + HELD[2:3] + HELD[4:], weight=14, profile="4 MB/s"),
    Job(name="hidden", size=256, names=("rget.sh",), weight=3, profile="25 MB/s"),
    Job(
        name="hidden-sha256", size=256, names=("rget.sh",), weight=3, profile="25 MB/s", check=True
    ),
    Job(name="middle", size=64, names=ALL, weight=4),
    Job(name="middle-http", size=64, names=ALL, weight=4, scheme="http"),
    Job(name="far", size=64, names=SOME, weight=5, profile=FAR),
    Job(name="small", size=1, names=ALL, weight=2),
    Job(name="small-http", size=1, names=ALL, weight=2, scheme="http"),
    Job(name="small-far", size=1, names=SOME, weight=2, profile=FAR),
)
MORE = (
    Job(name="big-http", size=1024, names=ALL, weight=24, scheme="http"),
    Job(name="big-http-sha256", size=1024, names=CHECKED[:1] + CHECKED[2:], weight=36,
        scheme="http", check=True),
    Job(name="quarter", size=256, names=ALL, weight=10),
    Job(name="quarter-http", size=256, names=ALL, weight=10, scheme="http"),
    Job(name="quarter-sha256", size=256, names=CHECKED[:1] + CHECKED[2:], weight=10, check=True),
    Job(name="held-64", size=64, names=("rget.sh", "wget", "curl", "aria2c -x4"), weight=20,
        profile="4 MB/s"),
)  # fmt: skip
QUICK = ("middle", "middle-http", "small", "small-http", "small-far")


def main() -> None:
    """Measure, tell, draw."""
    asked = arguments().parse_args()
    jobs = chosen(asked)
    cache = ROOT / "build/bench"
    cache.mkdir(parents=True, exist_ok=True)
    asked.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with ground(folder, cache, asked.image) as here:
            scripts(here, asked.ancestor)
            away = absent(debian=here.debian, ancestor=bool(asked.ancestor))
            results = [*measured(here, jobs, asked, away)]
    report(asked, results, away)


def arguments() -> argparse.ArgumentParser:
    """Return what the command line may say."""
    parser = argparse.ArgumentParser(prog="bench.download", description=(__doc__ or "").strip())
    parser.add_argument("--quick", action="store_true", help="64 MiB and less, in a minute")
    parser.add_argument("--all", action="store_true", help="more sizes and http, in an hour")
    parser.add_argument("--only", action="append", metavar="CASE", help="this case; repeatable")
    parser.add_argument("--runs", type=int, default=5, help="runs of each (5)")
    parser.add_argument("--minutes", type=float, default=10, help="about so long (10)")
    parser.add_argument("--ancestor", type=Path, metavar="FILE", help="a copy of orisano/rget.sh")
    parser.add_argument("--image", default="alpine:3.20", help="where it runs (alpine:3.20)")
    parser.add_argument(
        "-o", dest="output", type=Path, default=ROOT / "build/bench/results", metavar="DIR"
    )
    return parser


def chosen(asked: argparse.Namespace) -> list[Job]:
    """Return the jobs that the options name."""
    if asked.only:
        known = {job.name: job for job in (*JOBS, *MORE)}
        strange = set(asked.only) - {*known, "tar"}
        if strange:
            sys.exit(f"no case {min(strange)}: there are tar, {', '.join(known)}")
        return [job for name, job in known.items() if name in asked.only]
    if asked.quick:
        return [job for job in JOBS if job.name in QUICK]
    return [*JOBS, *(MORE if asked.all else ())]


def scripts(here: Ground, ancestor: Path | None) -> None:
    """Put the scripts into the container's folder."""
    emit(here, "rget", "-o", str(here.folder / "rget.sh"))
    shutil.copy(ROOT / "integration/naive.sh", here.folder / "naive.sh")
    if ancestor:
        shutil.copy(ancestor, here.folder / "ancestor")


def emit(here: Ground, *words: str) -> None:
    """Run emit in the shared folder, which trusts the server."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SSL_CERT_FILE": f"{here.folder}/ca.pem"}
    line = [sys.executable, "-m", "emit", *words]
    subprocess.run(line, cwd=here.folder, env=environment, check=True, stderr=subprocess.DEVNULL)


def measured(
    here: Ground, jobs: Sequence[Job], asked: argparse.Namespace, away: Sequence[str]
) -> Iterator[Result]:
    """Give a result a case; the time that one leaves is the next one's."""
    files = {size: random_file(here.nginx.www, size * MIB) for size in {job.size for job in jobs}}
    tar = not asked.only or "tar" in asked.only
    cases = [(case(here, job, files[job.size], away), job.weight) for job in jobs]
    if tar:
        cases.append((streaming(here, 16 if asked.quick else 128), 6))
    if any(job.check for job in jobs if "get.sh" in job.names):
        lock(here, files[1024])
    end = time.monotonic() + asked.minutes * 60
    for number, (each, weight) in enumerate(cases):
        left = sum(weight for _, weight in cases[number:])
        share = (end - time.monotonic()) * weight / left
        result = hold(here, each, asked.runs, share)
        print(table(result), flush=True)
        yield result


def case(here: Ground, job: Job, file: File, away: Sequence[str]) -> Case:
    """Return a job with the URL that its contestants ask for."""
    lines = commands(here.url(file, job.profile, job.scheme), file.sha256, check=job.check)
    return Case(
        name=job.name,
        title=job.title,
        size=file.size,
        sha256=file.sha256,
        contestants=choose(lines, job.names, away),
    )


def streaming(here: Ground, size: int) -> Case:
    """Return the case of an archive that is unpacked as it comes."""
    file = archive(here.nginx.www, size * MIB)
    shutil.copy(here.nginx.www / file.name, here.folder)
    return Case(
        name="tar",
        title=f"a .tar.gz of {file.size >> 20} MiB, https, unpacked",
        size=file.size,
        sha256=file.sha256,
        contestants=unpacking(here.url(file, PLAIN, "https"), file.sha256, f"{SHARED}/{file.name}"),
    )


def lock(here: Ground, file: File) -> None:
    """Write get.sh, which knows the digest of every block."""
    text = f'[asset.big]\nurl = "{here.url(file, PLAIN, "https")}"\ninstall = "/big"\n'
    (here.folder / "emit.toml").write_text(text)
    emit(here, "lock")
    emit(here, "fetch", "-o", "get.sh")


def report(asked: argparse.Namespace, results: Sequence[Result], away: Sequence[str]) -> None:
    """Write all that was found to the folder."""
    head = heading(sys.argv[1:], asked.image, away)
    verdict = bars(results)
    print(verdict)
    text = "\n".join([head, verdict, *(table(result, 3) for result in results)])
    (asked.output / "download.md").write_text(text)
    data = [result.json() for result in results]
    (asked.output / "download.json").write_text(json.dumps(data, indent=1) + "\n")
    draw(results, asked.output / "download.svg")
    print(f"written to {asked.output}", file=sys.stderr)


if __name__ == "__main__":
    main()
