"""Images, built by real builders, and what is in their layers."""

from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integration.containers import DOCKER, docker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PLATFORMS = ("linux/amd64", "linux/arm64")
BASE = """\
FROM alpine:3.20
COPY ca.pem /
RUN cat /ca.pem >>/etc/ssl/certs/ca-certificates.crt && rm /ca.pem
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One build: its status, all it said, and the image's name."""

    status: int
    log: str
    tag: str


@dataclass(slots=True, kw_only=True)
class Builder:
    """Builds Dockerfiles upon `base`, an Alpine for two machines that trusts our forge."""

    base: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    tags: list[str] = field(default_factory=list)

    def command(
        self, context: Path, *options: str, platform: str = "linux/amd64"
    ) -> tuple[str, list[str]]:
        """Return a new tag, and the command that builds it on the host's network."""
        tag = f"{self.base.partition(':')[0]}:{next(self.numbers)}"
        self.tags.append(tag)
        where = ["--platform", platform, "--network", "host"]
        return tag, [DOCKER, "build", *where, "-t", tag, *options, str(context)]

    def build(
        self,
        context: Path,
        *options: str,
        platform: str = "linux/amd64",
        legacy: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> Built:
        """Build the Dockerfile of a folder."""
        tag, command = self.command(context, *options, platform=platform)
        chosen = {"DOCKER_BUILDKIT": "0" if legacy else "1", "BUILDKIT_PROGRESS": "plain"}
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=200,
            env={**os.environ, **chosen, **(env or {})},
        )
        log = (done.stdout + done.stderr).decode(errors="replace")
        return Built(status=done.returncode, log=log, tag=tag)

    def clean(self) -> None:
        """Remove every image that was built."""
        docker("image", "rm", "-f", *self.tags)


def make_base(name: str, authority: Path) -> Builder:
    """Build the base for both machines."""
    builder = Builder(base=f"{name}:base", tags=[f"{name}:base"])
    (authority.parent / "base.Dockerfile").write_text(BASE)
    done = subprocess.run(
        [
            *(DOCKER, "buildx", "build", "--platform", ",".join(PLATFORMS), "-t", builder.base),
            *("-f", authority.parent / "base.Dockerfile", authority.parent),
        ],
        capture_output=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr.decode()
    return builder


def saved(tag: str) -> bytes:
    """Return an image as `docker save` writes it."""
    done = docker("save", tag)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def layers(tag: str) -> list[dict[str, tarfile.TarInfo]]:
    """Return the entries of each layer by name, the base's layers first."""
    with tarfile.open(fileobj=io.BytesIO(saved(tag))) as image:
        manifest = json.loads(_member(image, "manifest.json"))
        blobs = [_member(image, name) for name in manifest[0]["Layers"]]
    found = []
    for blob in blobs:
        with tarfile.open(fileobj=io.BytesIO(blob)) as layer:
            found.append({info.name.rstrip("/"): info for info in layer})
    return found


def added(tag: str, count: int) -> tuple[dict[str, int], set[str]]:
    """Return the files with their modes, and the folders, in the last COUNT layers."""
    files: dict[str, int] = {}
    folders: set[str] = set()
    for layer in layers(tag)[-count:]:
        for name, info in layer.items():
            if info.isdir():
                folders.add(name)
            else:
                files[name] = info.mode & 0o7777
                assert (info.uid, info.gid) == (0, 0), f"{name} belongs to {info.uid}:{info.gid}"
    return files, folders


def _member(image: tarfile.TarFile, name: str) -> bytes:
    stream = image.extractfile(name)
    assert stream is not None
    return stream.read()
