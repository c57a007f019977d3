"""The same file under other shells, with GNU wget or curl: on this machine, without Docker."""

from __future__ import annotations

import itertools
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from emit.selftest.place import Host
from integration.rget import Rget, digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emit.selftest.journal import Site

from emit.selftest.content import body
from emit.selftest.journal import HOST

SIZE = 300_000
SPLIT = ["-b", "64K", "-P", "4"]
SHELLS = ("dash", "bash", "mksh", "yash")
CLIENTS = ("wget", "curl")
TOOLS = (
    "cat chmod cp cut date dd df env grep head kill ln ls mkdir mkfifo mktemp mv nc od printf rm "
    "rmdir sed seq sh sha256sum sha512sum sleep sort stat tail tr truncate wc xargs"
)
NUMBERS = itertools.count(1)


@pytest.fixture(scope="session", params=CLIENTS)
def client(request: pytest.FixtureRequest, scripts: Path) -> str:
    """A client, in a folder of its own beside the tools that any system has."""
    name = str(request.param)
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"there is no {name} here")
    folder = scripts / name
    if folder.exists():  # pytest asks again when it came back to this client
        return name
    folder.mkdir()
    for tool in TOOLS.split():
        found = shutil.which(tool)
        if found is not None:
            (folder / tool).symlink_to(found)
    (folder / name).symlink_to(program)
    return name


@pytest.fixture(params=SHELLS)
def host(request: pytest.FixtureRequest, scripts: Path, client: str) -> Iterator[Host]:
    shell = str(request.param)
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    name = f"{shell}-{client}-{next(NUMBERS)}"
    machine = Host(shared=scripts, name=name, shell=shell, path=str(scripts / client))
    yield machine
    shutil.rmtree(machine.root, ignore_errors=True)


pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.mark.parametrize(
    "path", ["file", "redirect/302/other/file", "noranges", "nolength", "chunked", "short/1"]
)
def test_it_fetches(host: Host, site: Site, path: str) -> None:
    Rget(host).fetches(body(SIZE), "-u", site.url(f"/{path}/{SIZE}"), *SPLIT)
    assert host.processes() == []


def test_it_splits(host: Host, site: Site) -> None:
    Rget(host).fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), *SPLIT)
    assert len(site.log()) == 5


@pytest.mark.parametrize("size", [0, 1])
def test_small_files_are_right(host: Host, site: Site, size: int) -> None:
    Rget(host).fetches(body(size), "-u", site.url(f"/file/{size}"), *SPLIT)


def test_a_digest_is_verified(host: Host, site: Site) -> None:
    url = site.url(f"/file/{SIZE}")
    Rget(host).fetches(body(SIZE), "-u", url, "-s", digest(body(SIZE)), *SPLIT)
    Rget(host).fails(9, "-u", url, "-s", digest(b""), *SPLIT)


def test_what_does_not_get_better_fails(host: Host, site: Site) -> None:
    Rget(host).fails(8, "-u", site.url("/status/404"), says="404")
    Rget(host).fails(6, "-u", site.url("/status/403"), says="403")
    Rget(host).fails(4, "-u", f"http://{HOST}:1/f", "-t", "1")
    assert host.processes() == []


def test_a_hostile_url_is_data(host: Host, site: Site) -> None:
    """Of what GNU wget sends as it stands: it would write a quote as %22."""
    path = "/h/&;'$(touch%20pwned)$HOME*"
    Rget(host).fetches(body(3000, path), "-u", site.url(path), "-b", "1000")


def test_a_header_is_refused(host: Host, site: Site) -> None:
    """Only the nc of busybox asks without following a redirect: no header goes astray."""
    secret = ["-H", "Authorization: Bearer s3cret"]
    Rget(host).fails(2, *secret, "-u", site.url(f"/secret/{SIZE}"), says="-H")


def test_a_stream_is_in_order(host: Host, site: Site) -> None:
    run = Rget(host).run("-u", site.url(f"/file/{SIZE}"), *SPLIT, out="-")
    assert (run.status, run.files) == (0, []), run.stderr
    assert digest(run.stdout) == digest(body(SIZE))
