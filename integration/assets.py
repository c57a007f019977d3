"""emit, run as a command beside a forge, and assets that look like real ones."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from emit.cli import cli
from emit.selftest.content import body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integration.forge import Shelf

#: A program that runs on every machine, and says its version.
TOOL = b"#!/bin/sh\necho tool 1.2\n"
JQ = "jqlang/jq"
ARCHES = {"linux/amd64": "amd64", "linux/arm64": "arm64"}


def emit(*arguments: str, code: int = 0) -> Result:
    """Run emit in this folder, and assert how it ends; a traceback is never how."""
    result = CliRunner().invoke(cli, arguments, prog_name="emit")
    assert isinstance(result.exception, SystemExit | None), result.exc_info
    assert result.exit_code == code, result.output
    return result


def program(name: str, padding: int = 0) -> bytes:
    """Return a program of that name, as large as a real one if there is PADDING."""
    return f"#!/bin/sh\necho {name} 1.0\nexit\n".encode() + body(padding, name)


def tar(files: Mapping[str, bytes], compression: str = "gz", mode: int = 0o755) -> bytes:
    """Return a tar archive of these files, made by a user who has a number of his own."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.uid, info.gid = len(content), mode, 1234, 1234
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def packed(content: bytes, end: str) -> bytes:
    """Return one file packed as its name's END says: gz, xz or bz2."""
    if end == "gz":
        return gzip.compress(content)
    return lzma.compress(content) if end == "xz" else bz2.compress(content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o100755 << 16
            archive.writestr(info, content)
    return stream.getvalue()


def toml(name: str, source: str, **keys: str) -> str:
    """Return a table of emit.toml; values are TOML already."""
    lines = [f"[asset.{name}]", source, *(f"{key} = {value}" for key, value in keys.items())]
    return "\n".join(lines) + "\n"


def jq_toml(shelf: Shelf, version: str = "jq-1.7.1") -> str:
    """Return the table of a program that is a file for each machine."""
    return toml(
        "jq",
        f'github = "{JQ}"\nserver = "{shelf.server}"',
        version=f'"{version}"',
        file='"jq-{os}-{arch}"',
        install='"/usr/local/bin/jq"',
        test='"jq --version"',
    )


def add_jq(shelf: Shelf, version: str = "jq-1.7.1", padding: int = 0, **about: object) -> None:
    """Publish that program."""
    files = {f"jq-linux-{arch}": program(f"jq-{arch}", padding) for arch in ARCHES.values()}
    shelf.add(JQ, version, files | {"sha256sum.txt": b"x"}, **about)


def add_fzf(shelf: Shelf) -> None:
    """Publish a program as fzf is: an archive a machine, beside those of other systems."""
    files = {
        f"fzf-0.56.3-{system}_{arch}.tar.gz": tar({"fzf": program(f"fzf-{arch}", 1 << 20)})
        for system in ("linux", "darwin", "android", "freebsd")
        for arch in ARCHES.values()
    }
    shelf.add("junegunn/fzf", "v0.56.3", files | {"fzf_0.56.3_checksums.txt": b"x"})
