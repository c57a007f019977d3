"""The main job, seen once: rget.sh fetches a file in a stock Alpine container.

    python -m integration.demo [URL]

Without a URL it is 64 MiB from a file server on the loopback, through a redirect,
at 16 MiB/s a connection; the digest is checked and the log of requests shown.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emit.selftest.behaviour import routes
from emit.selftest.content import body
from emit.selftest.server import Server
from integration import containers
from integration.nginx import file_digest
from integration.rget import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emit.selftest.journal import Site

IMAGE = "alpine:3.20"
SIZE = 64 << 20
RATE = 16 << 20
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is fetched: where from, the options that go with it, and who keeps the log."""

    url: str
    options: tuple[str, ...] = ()
    site: Site | None = None


def main(argv: Sequence[str]) -> int:
    """Run the demonstration; return its exit status."""
    if len(argv) > 1 or any(word.startswith("-") for word in argv):
        return complain("usage: python -m integration.demo [URL]", 2)
    reason = containers.no_docker()
    if reason:
        return complain(reason, 1)
    with tempfile.TemporaryDirectory() as folder, source(argv) as chosen:
        return fetch(Path(folder), chosen)


@contextmanager
def source(argv: Sequence[str]) -> Iterator[Source]:
    """Take the URL given, or serve a file."""
    if argv:
        yield Source(url=argv[0])
        return
    with Server(routes) as server:
        site = server.site()
        yield Source(
            url=site.url(f"/redirect/302/other/paced/{RATE}/{SIZE}"),
            options=("-s", digest(body(SIZE))),
            site=site,
        )


def fetch(folder: Path, chosen: Source) -> int:
    """Write the script, run it in the container, and tell what came of it."""
    script = folder / "rget.sh"
    emit = [sys.executable, "-m", "emit", "rget", "-o", str(script)]
    if subprocess.run(emit, cwd=ROOT, check=False).returncode:
        return complain("emit rget failed", 1)
    inside = ["sh", "rget.sh", "-o", "file", "-u", chosen.url, "-P", "4", *chosen.options]
    say("$ " + " ".join(inside))
    status = subprocess.run([*container(folder), *inside], check=False).returncode
    if status:
        return complain(f"the script in the container ended with status {status}", 1)
    tell(folder / "file", chosen.site)
    return 0


def container(folder: Path) -> list[str]:
    """Return the docker command line that runs what follows in FOLDER."""
    here = containers.images()
    image = containers.FALLBACK_IMAGE if here == (containers.FALLBACK,) else IMAGE
    say(f"in a container of {image}, with nothing added:")
    terminal = ["-t"] if os.isatty(1) else []
    options = ["--rm", "--network", "host", "-u", containers.owner(), *terminal]
    return [containers.DOCKER, "run", *options, "-v", f"{folder}:/work", "-w", "/work", image]


def tell(path: Path, site: Site | None) -> None:
    """Print what is there now, and how the server saw it."""
    say(f"{path.stat().st_size} bytes, sha256 {file_digest(path)}")
    if site is None:
        return
    ranges = [exchange for exchange in site.log() if exchange.status == 206]
    most = 1 + max((exchange.beside for exchange in ranges), default=0)
    say(f"the server saw {len(ranges)} requests in parallel ranges, up to {most} at once:")
    for exchange in ranges:
        say(f"  {exchange.method} Range: {exchange.range} -> {exchange.sent} bytes")


def say(line: str) -> None:
    """Print at once: the container writes to the same place."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(message: str, status: int) -> int:
    """Say in one line what is wrong; return the status to exit with."""
    sys.stderr.write(f"demo: {message}\n")
    return status


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no error
    sys.exit(main(sys.argv[1:]))
