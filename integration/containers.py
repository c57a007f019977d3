"""Idle Alpine containers, and scripts run in them, each in a folder of its own."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emit.selftest.container import SHARED, Container

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TAGS = ("3.6", "3.8", "3.9", "3.10", "3.12", "3.14", "3.16", "3.18", "3.20", "edge")
FALLBACK = "busybox"
FALLBACK_IMAGE = "emit-busybox:local"
DOCKER = shutil.which("docker") or "docker"


def docker(*arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[bytes]:
    """Run the docker command, whatever its status."""
    return subprocess.run([DOCKER, *arguments], capture_output=True, timeout=timeout, check=False)


@functools.cache
def no_docker() -> str:
    """Return why no container can be run, or an empty string."""
    if shutil.which("docker") is None:
        return "there is no docker command: see integration/docker-up"
    if docker("info").returncode:
        return "no Docker answers: see integration/docker-up"
    if docker("compose", "version").returncode:
        return "docker has no compose plugin (v2)"
    return ""


@functools.cache
def one_platform() -> str:
    """Return why no image of another platform can be had, or an empty string."""
    reason = no_docker()
    if not reason and b"containerd" not in docker("info", "-f", "{{.DriverStatus}}").stdout:
        return "the engine's store holds one platform an image: turn on containerd-snapshotter"
    return reason


@functools.cache
def images() -> tuple[str, ...]:
    """Return the tags whose image is here, oldest first, or else the fallback's name."""
    listed = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").stdout.decode()
    here = listed.split()
    tags = tuple(tag for tag in TAGS if f"alpine:{tag}" in here)
    return tags or (FALLBACK,) * (FALLBACK_IMAGE in here)


def service(tag: str) -> str:
    """Return the name that compose.yml has for `tag`."""
    return tag if tag == FALLBACK else f"alpine-{tag}"


@dataclass(slots=True, kw_only=True)
class Alpine(Container):
    """One container and a test's folder in it."""

    tag: str

    @property
    def verifies(self) -> bool:
        """Whether its wget checks certificates: Debian's busybox does not."""
        return self.tag != FALLBACK


@dataclass(slots=True)
class Fleet:
    """The containers of a session, by tag."""

    containers: dict[str, str]
    shared: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def alpine(self, tag: str) -> Alpine:
        """Return the container of `tag` with a fresh folder."""
        return Alpine(
            tag=tag,
            container=self.containers[tag],
            shared=self.shared,
            name=f"{tag}-{next(self.numbers)}",
        )

    def trust(self, authority: bytes) -> None:
        """Have every container trust the certificate authority."""
        (self.shared / "ca.pem").write_bytes(authority)
        append = (
            "mkdir -p /etc/ssl/certs && for f in /etc/ssl/cert.pem "
            f"/etc/ssl/certs/ca-certificates.crt; do cat {SHARED}/ca.pem >>$f; done"
        )
        for container in self.containers.values():
            docker("exec", "-u", "0", container, "sh", "-c", append)


def fleet(project: str, tags: Sequence[str], shared: Path) -> Fleet:
    """Return the running containers of the compose project."""
    label = "com.docker.compose"
    listed = docker(
        *("ps", "--no-trunc", "--filter", f"label={label}.project={project}"),
        *("--format", f'{{{{.Label "{label}.service"}}}} {{{{.ID}}}}'),
    )
    running = dict(line.split() for line in listed.stdout.decode().splitlines())
    return Fleet({tag: running[service(tag)] for tag in tags}, shared)


def owner() -> str:
    """Return who the containers' commands run as: whoever runs the tests."""
    return f"{os.getuid()}:{os.getgid()}"
