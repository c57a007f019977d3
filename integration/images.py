"""Images built by the engine from Dockerfile text, and what is in them."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_PREFIX = f"emit-dockerfile-{os.getpid()}"
_TIMEOUT = 300  # seconds

Entry = tuple[str, int, int, int, str, bytes]


class BuildError(Exception):
    """The engine refused; its words are the message."""


@dataclass
class Engine:
    """Builds images in a folder of files, and removes them in the end."""

    context: Path
    names: list[str] = field(default_factory=list)

    def build(self, text: bytes, *options: str) -> str:
        """Return the name of an image; raises BuildError."""
        name = f"{_PREFIX}:{len(self.names)}"
        command = ["docker", "build", "--network", "host", "-q", "-t", name, "-f", "-", *options]
        done = subprocess.run(
            [*command, str(self.context)],
            input=text,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
        )
        if done.returncode != 0:
            raise BuildError(done.stderr.decode(errors="replace"))
        self.names.append(name)
        return name

    def image(self, name: str) -> dict[str, Any]:
        """Return what an image says of itself: its config, platform and layers."""
        found = json.loads(_docker("image", "inspect", name))[0]
        return {key: found[key] for key in ("Config", "Os", "Architecture", "RootFS")}

    def files(self, name: str) -> dict[str, Entry]:
        """Return all files of an image but for their times: what `docker export` has."""
        container = _docker("create", name, "true").decode().strip()
        try:
            with subprocess.Popen(
                ["docker", "export", container], stdout=subprocess.PIPE
            ) as exporting:
                assert exporting.stdout
                with tarfile.open(fileobj=exporting.stdout, mode="r|") as archive:
                    return {entry.name: _entry(archive, entry) for entry in archive}
        finally:
            _docker("rm", "-f", container)

    def clean(self) -> None:
        """Remove all images."""
        if self.names:
            _docker("image", "rm", "-f", *self.names)


def _entry(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Entry:
    content = archive.extractfile(entry) if entry.isfile() else None
    return (
        entry.type.decode(),
        entry.mode,
        entry.uid,
        entry.gid,
        entry.linkname,
        content.read() if content else b"",
    )


def _docker(*arguments: str) -> bytes:
    return subprocess.run(
        ["docker", *arguments], check=True, stdout=subprocess.PIPE, timeout=_TIMEOUT
    ).stdout
