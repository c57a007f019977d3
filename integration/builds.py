"""Images, built by real builders, and what is in their layers."""

from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

from integration.containers import DOCKER, docker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TIMEOUT = 300  # seconds
PLATFORMS = ("linux/amd64", "linux/arm64")
BASE = """\
FROM alpine:3.20
COPY ca.pem /
RUN cat /ca.pem >>/etc/ssl/certs/ca-certificates.crt && rm /ca.pem
"""


class BuildError(Exception):
    """The engine refused; its words are the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One build: its status, all it said, and the image's name, if it was given one."""

    status: int
    log: str
    tag: str = ""


def build_command(context: Path, *options: str) -> list[str]:
    """Return the command that builds the Dockerfile of a folder, on the host's network."""
    return [DOCKER, "build", "--network", "host", *options, str(context)]


def build(
    context: Path,
    *options: str,
    text: bytes | None = None,
    stdout: IO[bytes] | int = subprocess.PIPE,
    env: Mapping[str, str] | None = None,
) -> Built:
    """Build a folder, by its Dockerfile or by a text; `stdout` takes what `-o -` exports."""
    done = subprocess.run(
        build_command(context, *options, *(() if text is None else ("-f", "-"))),
        input=text,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=_TIMEOUT,
        env={**os.environ, **(env or {})},
    )
    log = (done.stdout or b"") + done.stderr
    return Built(status=done.returncode, log=log.decode(errors="replace"))


def must_build(
    context: Path,
    *options: str,
    text: bytes | None = None,
    stdout: IO[bytes] | int = subprocess.PIPE,
) -> None:
    """Build; raises BuildError."""
    built = build(context, *options, text=text, stdout=stdout)
    if built.status:
        raise BuildError(built.log)


@contextmanager
def exported(image: str) -> Iterator[tarfile.TarFile]:
    """Give what `docker export` has of an image: all its files, in a stream."""
    container = docker("create", image, "true").stdout.decode().strip()
    try:
        with subprocess.Popen([DOCKER, "export", container], stdout=subprocess.PIPE) as exporting:
            assert exporting.stdout
            with tarfile.open(fileobj=exporting.stdout, mode="r|") as archive:
                yield archive
    finally:
        docker("rm", "-f", container)


@dataclass(slots=True, kw_only=True)
class Builder:
    """Builds Dockerfiles upon `base`, an Alpine for two machines that trusts our forge."""

    base: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    tags: list[str] = field(default_factory=list)

    def command(
        self, context: Path, *options: str, platform: str = "linux/amd64"
    ) -> tuple[str, list[str]]:
        """Return a new tag, and the command that builds it."""
        tag = self._tag()
        return tag, build_command(context, "--platform", platform, "-t", tag, *options)

    def _tag(self) -> str:
        self.tags.append(f"{self.base.partition(':')[0]}:{next(self.numbers)}")
        return self.tags[-1]

    def build(
        self,
        context: Path,
        *options: str,
        platform: str = "linux/amd64",
        legacy: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> Built:
        """Build the Dockerfile of a folder."""
        tag = self._tag()
        chosen = {"DOCKER_BUILDKIT": "0" if legacy else "1", "BUILDKIT_PROGRESS": "plain"}
        where = ("--platform", platform, "-t", tag)
        return replace(build(context, *where, *options, env={**chosen, **(env or {})}), tag=tag)

    def clean(self) -> None:
        """Remove every image that was built."""
        docker("image", "rm", "-f", *self.tags)


def make_base(name: str, authority: Path) -> Builder:
    """Build the base for both machines."""
    builder = Builder(base=f"{name}:base", tags=[f"{name}:base"])
    where = ("--platform", ",".join(PLATFORMS), "-t", builder.base)
    must_build(authority.parent, *where, text=BASE.encode())
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
