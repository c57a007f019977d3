"""`emit layers` on images that a real engine built and saved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from emit.layers.ledger import Ledger, keep_books
from emit.layers.source import read_image
from integration import builds, containers
from integration.conftest import unavailable
from integration.containers import docker

if TYPE_CHECKING:
    import tarfile
    from collections.abc import Iterator
    from pathlib import Path

    from emit.layers.image import Image

PREFIX = f"emit-layers-{os.getpid()}"
BASE = "alpine:3.20"
SIZE = 20_000_000  # bytes wasted in each of five ways
#: What `docker create` puts into every container.
MOUNTS = {
    "dev",
    "proc",
    "sys",
    ".dockerenv",
    "etc/hosts",
    "etc/hostname",
    "etc/resolv.conf",
    "etc/mtab",
}

TRICKS = f"""\
FROM {BASE}
RUN mkdir -p /d/e /o /r && head -c 300000 /dev/urandom >/d/big && ln /d/big /d/e/hard \\
    && echo one >/o/one && echo two >/o/two && echo f >/f && echo x >/r/x && ln -s d /sym
RUN rm /d/big && rm -rf /o && mkdir /o && echo three >/o/three
RUN chmod 600 /d/e/hard && chown -R 1000:1000 /r
RUN rm /f && mkdir /f && echo in >/f/in && rm -r /r && echo file >/r && mv /o/three /three
COPY --chmod=711 context.txt /sym/
COPY --link context.txt /link/
RUN mkfifo /pipe && mknod /null c 1 3 && touch "/a b" "/ü" && printf x >"$(printf '/new\\nline')"
WORKDIR /work
ENV A=1
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The image of TRICKS."""
    if reason := containers.no_docker():
        unavailable(reason)
    if "3.20" not in containers.images():
        unavailable(f"there is no image {BASE}")
    name = f"{PREFIX}-tricks:1"
    folder = tmp_path_factory.mktemp("tricks")
    build(folder, TRICKS, "-t", name)
    yield name
    docker("image", "rm", "-f", name)


def build(folder: Path, text: str, *options: str) -> None:
    (folder / "Dockerfile").write_text(text)
    (folder / "context.txt").write_text("of the context\n")
    builds.must_build(folder, "--provenance=false", *options)


def read(name: str) -> Image:
    return read_image(name, told=lambda _: None)


def books(image: Image) -> Ledger:
    return keep_books([layer.scan.entries for layer in image.layers])


def ours(ledger: Ledger) -> dict[str, tuple[object, ...]]:
    """Each path with its type, size, mode, owner and target."""
    return {
        path: (
            node.kind,
            node.inode.size if node.inode else 0,
            node.meta.mode,
            node.meta.uid,
            node.meta.gid,
            node.target,
        )
        for path, node in ledger.walk()
    }


def exported(image: str) -> dict[str, tuple[object, ...]]:
    """The same of what the engine itself makes of the layers; a hard link is its file."""
    kinds = {b"0": "file", b"2": "symlink", b"3": "char", b"5": "dir", b"6": "fifo"}
    found: dict[str, tuple[object, ...]] = {}
    files: dict[str, tarfile.TarInfo] = {}
    with builds.exported(image) as tar:
        for info in tar:
            real = files[info.linkname] if info.islnk() else info
            files[info.name] = real
            size = real.size if real.isreg() else 0
            target = real.linkname if real.issym() else ""
            about = (kinds[real.type], size, real.mode, real.uid, real.gid, target)
            found[info.name.strip("/")] = about
    return found


def differences(image: str) -> list[tuple[str, object, object]]:
    theirs, mine = exported(image), ours(books(read(image)))
    return [
        (path, mine.get(path), theirs.get(path))
        for path in sorted(mine.keys() | theirs.keys())
        if mine.get(path) != theirs.get(path) and not is_mount(path)
    ]


def is_mount(path: str) -> bool:
    return path in MOUNTS or path.startswith("dev/")


def test_the_tree_is_the_one_that_docker_exports(built: str) -> None:
    assert len(ours(books(read(built)))) > 500
    assert differences(built) == []


@pytest.mark.parametrize("tag", ["3.6", "3.12", "edge"])
def test_the_tree_of_a_stock_image_is_too(built: str, tag: str) -> None:
    del built
    if tag not in containers.images():
        unavailable(f"there is no image alpine:{tag}")
    assert differences(f"alpine:{tag}") == []


@pytest.mark.usefixtures("platforms")
@pytest.mark.parametrize(
    "output",
    [
        "type=oci",
        "type=oci,compression=zstd,force-compression=true",
        "type=oci,compression=uncompressed,force-compression=true",
        "type=oci,tar=false",
        "type=docker",
    ],
)
def test_each_way_out_of_buildkit_has_the_same_books(
    built: str, output: str, tmp_path: Path
) -> None:
    place = tmp_path / "out"
    build(tmp_path, TRICKS, "-o", f"{output},dest={place}")
    image, saved = read(str(place)), read(built)
    assert ours(books(image)) == ours(books(saved))
    assert books(image).losses == books(saved).losses
    assert [str(one.command) for one in image.layers] == [str(one.command) for one in saved.layers]
    packings = {layer.scan.packing for layer in image.layers}
    assert ("zstd" in output, "uncompressed" in output) == (
        packings == {"zstd"},
        packings == {"plain"},
    )


PLANTED = f"""\
FROM {BASE}
RUN mkdir /data && head -c {SIZE} /dev/urandom >/data/blob
RUN head -c {SIZE // 2} /dev/urandom >/data/blob
COPY src /src
RUN ls /src && rm -rf /src
RUN mkdir /app && for i in 1 2 3 4 5; do head -c {SIZE // 5} /dev/urandom >/app/$i; done
RUN chown -R 1000:1000 /app
RUN mkdir -p /var/cache/apk && head -c {SIZE} /dev/urandom >/var/cache/apk/APKINDEX.tar.gz
RUN mkdir /opt/one && head -c {SIZE} /dev/urandom >/opt/one/lib.so
RUN cp -r /opt/one /opt/two
"""
#: rule -> the command to change, and the one whose bytes it wastes.
FIVE = {
    "overwritten": ("RUN head -c 10000000", "RUN mkdir /data"),
    "removed": ("RUN ls /src && rm -rf /src", "COPY src /src"),
    "rewritten": ("RUN chown -R 1000:1000 /app", "RUN mkdir /app"),
    "apk_cache": ("RUN mkdir -p /var/cache/apk", "RUN mkdir -p /var/cache/apk"),
    "duplicate": ("RUN cp -r /opt/one /opt/two", "RUN mkdir /opt/one"),
}


def test_100_mb_of_waste_in_five_ways_are_five_findings(built: str, tmp_path: Path) -> None:
    """Each names the command to change, and its bytes within 1 %."""
    del built
    (tmp_path / "src").mkdir()
    (tmp_path / "src/model").write_bytes(os.urandom(SIZE))
    name = f"{PREFIX}-waste:1"
    build(tmp_path, PLANTED, "-t", name)
    try:
        command = [sys.executable, "-m", "emit", "layers", name, "--json"]
        done = subprocess.run(command, capture_output=True, check=True)
    finally:
        docker("image", "rm", "-f", name)
    report = json.loads(done.stdout)
    commands = {layer["index"]: layer["command"] for layer in report["layers"]}
    found = {one["rule"]: one for one in report["findings"][:5]}
    assert found.keys() == FIVE.keys()
    for rule, (change, stored) in FIVE.items():
        one = found[rule]
        assert commands[one["killed_by"] or one["layer"]].startswith(change)
        assert commands[one["layer"]].startswith(stored)
        assert one["bytes"] == pytest.approx(SIZE, rel=0.01)
    assert report["totals"]["wasted"] == pytest.approx(3 * SIZE, rel=0.01)
