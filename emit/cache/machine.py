"""A second machine: a Docker engine of its own, empty at first and thrown away at the end.

It is what a CI job meets, for measurements and tests. It needs root, Linux and dockerd, and
touches neither the engine that runs nor its network: builds use the host's.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from emit.errors import ToolError
from emit.external import find, logged, serving

#: The stores that an engine can keep images in, and the daemon.json that chooses each.
STORES: Mapping[str, object] = {
    "overlay2": {},
    "containerd": {"features": {"containerd-snapshotter": True}},
}
_TERMINATED = 143
_PATIENCE = 60  # seconds; it takes 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """An engine that answers at a socket in its folder."""

    folder: Path

    @property
    def env(self) -> dict[str, str]:
        """What makes a docker command talk to it, and a build print every step."""
        host = f"unix://{self.folder / 'sock'}"
        return {"DOCKER_HOST": host, "BUILDKIT_PROGRESS": "plain", "DOCKER_CONTEXT": ""}

    def run(self, command: list[str], *, env: Mapping[str, str], folder: str) -> tuple[int, str]:
        """Run a command that talks to it; return its status and its log."""
        return logged(command, env={**self.env, **env}, folder=folder)


def missing() -> str:
    """Return why there can be no machine here, or an empty string."""
    if os.geteuid() != 0:
        return "only root can start an engine of its own"
    return "" if _dockerd() else "there is no dockerd (Debian: apt-get install docker.io)"


@contextmanager
def machine(store: str, images: Path | None = None) -> Iterator[Machine]:
    """Give an engine with an empty store, but for the images of a file of `docker save`.

    A TERM ends it too: SystemExit. Raises ToolError where none can be started.
    """
    reason = missing()
    if reason:
        raise ToolError(reason)
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    folder = Path(tempfile.mkdtemp(prefix="emit-machine-"))
    try:
        (folder / "daemon.json").write_text(json.dumps(STORES[store]))
        with serving(_command(folder), folder / "log") as running:
            made = Machine(folder=folder)
            _wait(made, running)
            if images is not None:
                _require(made, ["docker", "load", "-q", "-i", str(images)])
            yield made
    finally:
        _unmount(folder)
        shutil.rmtree(folder)
        signal.signal(signal.SIGTERM, before)


def _unmount(folder: Path) -> None:
    """Take off what dockerd leaves mounted, which is the host's network."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for place in reversed(mounts):
        if place.startswith(f"{folder}/"):
            logged(["umount", place], env={}, folder="/")


def _command(folder: Path) -> list[str]:
    return [
        _dockerd(),
        *("--data-root", str(folder / "data")),
        *("--exec-root", str(folder / "exec")),
        *("--pidfile", str(folder / "pid")),
        *("--host", f"unix://{folder / 'sock'}"),
        *("--config-file", str(folder / "daemon.json")),
        *("--bridge", "none", "--iptables=false", "--ip6tables=false"),
    ]


def _dockerd() -> str:
    return find("dockerd") or shutil.which("dockerd", path="/usr/sbin:/usr/local/sbin") or ""


def _wait(made: Machine, running: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while made.run(["docker", "version"], env={}, folder="/")[0]:
        if not running() or time.monotonic() > deadline:
            words = (made.folder / "log").read_text("utf-8", "replace").strip().splitlines()
            raise ToolError(f"dockerd did not start: {words[-1] if words else 'it said nothing'}")
        time.sleep(0.2)


def _require(made: Machine, command: list[str]) -> None:
    status, log = made.run(command, env={}, folder="/")
    if status:
        raise ToolError(f"{' '.join(command)} failed: {log.strip()}")
