"""Images built by the engine from Dockerfile text, and what is in them."""

from __future__ import annotations

import json
import os
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from integration.builds import exported, must_build
from integration.containers import docker

if TYPE_CHECKING:
    from pathlib import Path

_PREFIX = f"emit-dockerfile-{os.getpid()}"

Entry = tuple[str, int, int, int, str, bytes]


@dataclass
class Engine:
    """Builds images in a folder of files, and removes them in the end."""

    context: Path
    names: list[str] = field(default_factory=list)

    def build(self, text: bytes, *options: str) -> str:
        """Return the name of an image; raises `builds.BuildError`."""
        name = f"{_PREFIX}:{uuid4().hex}"
        must_build(self.context, "-q", "-t", name, *options, text=text)
        self.names.append(name)
        return name

    def export(self, text: bytes) -> dict[str, Entry]:
        """Return all files that a Dockerfile makes, without keeping an image."""
        with tempfile.TemporaryFile() as files:
            must_build(self.context, "-q", "-o", "-", text=text, stdout=files)
            files.seek(0)
            with tarfile.open(fileobj=files, mode="r|") as archive:
                return {entry.name: _entry(archive, entry) for entry in archive}

    def image(self, name: str) -> dict[str, Any]:
        """Return what an image says of itself: its config, platform and layers."""
        found = json.loads(docker("image", "inspect", name).stdout)[0]
        return {key: found[key] for key in ("Config", "Os", "Architecture", "RootFS")}

    def files(self, name: str) -> dict[str, Entry]:
        """Return all files of an image but for their times: what `docker export` has."""
        with exported(name) as archive:
            return {entry.name: _entry(archive, entry) for entry in archive}

    def clean(self) -> None:
        """Remove all images."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: docker("image", "rm", "-f", name), self.names))


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
