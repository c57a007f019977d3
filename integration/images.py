"""Images built by the engine from Dockerfile text, and what is in them."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

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
        name = f"{_PREFIX}:{uuid4().hex}"
        with tempfile.TemporaryFile() as nothing:
            self._build(text, nothing, "-t", name, *options)
        self.names.append(name)
        return name

    def export(self, text: bytes) -> dict[str, Entry]:
        """Return all files that a Dockerfile makes, without keeping an image."""
        with tempfile.TemporaryFile() as files:
            self._build(text, files, "-o", "-")
            files.seek(0)
            with tarfile.open(fileobj=files, mode="r|") as archive:
                return {entry.name: _entry(archive, entry) for entry in archive}

    def _build(self, text: bytes, stdout: IO[bytes], *options: str) -> None:
        command = ["docker", "build", "--network", "host", "-q", "-f", "-", *options]
        done = subprocess.run(
            [*command, str(self.context)],
            input=text,
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
            timeout=_TIMEOUT,
        )
        if done.returncode != 0:
            raise BuildError(done.stderr.decode(errors="replace"))

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
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: _docker("image", "rm", "-f", name), self.names))


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
