"""No waste: nothing is asked twice, and little disk is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from emit.selftest.journal import HOST, Site

if TYPE_CHECKING:
    from integration.rget import Rget

SIZE = 300_000
SPLIT = ["-b", "64K", "-P", "4"]


def test_a_small_file_takes_one_request(rget: Rget, site: Site) -> None:
    rget.fetches(body(1000), "-u", site.url("/file/1000"), "-P", "4")
    assert len(site.log()) == 1


def test_the_first_blocks_request_is_the_probe(rget: Rget, site: Site) -> None:
    """Five blocks are five requests, and each byte is sent once (but for seeds)."""
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), *SPLIT)
    assert len(site.log()) == 5
    assert sum(exchange.sent for exchange in site.log()) <= SIZE + 5


@pytest.mark.parametrize("path", ["noranges", "nolength", "chunked"])
def test_a_server_without_ranges_is_read_once(rget: Rget, site: Site, path: str) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/{path}/{SIZE}"), *SPLIT)
    assert [exchange.sent for exchange in site.log()] == [SIZE]


def test_redirects_are_resolved_once(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/redirect/302/other/file/{SIZE}"), *SPLIT)
    assert len(site.log("/redirect")) == 1
    assert len(site.log()) == 6


def test_an_expired_url_is_resolved_again(rget: Rget, site: Site) -> None:
    """Five blocks, two requests a signature: the original is asked until all are there."""
    rget.fetches(body(SIZE), "-u", site.url(f"/expiring/2/{SIZE}"), *SPLIT)
    assert 3 <= len(site.log("/expiring")) <= 8


def test_blocks_are_fetched_at_once(rget: Rget, site: Site) -> None:
    """While the first four are under way nobody waits for them to end."""
    url = site.url(f"/together/4/{SIZE}")
    rget.fetches(body(SIZE), "-u", url, "-b", "32K", "-P", "4", "-T", "10")


@pytest.mark.releases("3.8", "3.9", "3.10", "3.12", "3.14", "3.16", "3.18", "3.20", "edge")
@pytest.mark.parametrize("path", ["file", "noranges"])
def test_a_file_that_cannot_fit_is_not_begun(rget: Rget, site: Site, path: str) -> None:
    """The tmpfs holds 1 MiB, the size is known from the first answer; sockets hold some more."""
    run = rget.run("-u", site.url(f"/{path}/40000000"), "-b", "64K", out="/small/f")
    assert run.status == 3
    assert run.stderr.startswith("rget.sh: ")
    assert rget.place.run(["ls", "-A", "/small"]).stdout == b""
    assert run.files == []
    if path == "file":
        assert sum(exchange.sent for exchange in site.log()) < 20_000_000


@pytest.mark.parametrize("path", ["nolength", "chunked"])
def test_a_disk_that_fills_up_meanwhile_ends_it(rget: Rget, site: Site, path: str) -> None:
    run = rget.run("-u", site.url(f"/{path}/3000000"), "-t", "5", out="/small/f")
    assert run.status == 3, run.stderr
    assert run.stderr.startswith("rget.sh: ")
    assert rget.place.run(["ls", "-A", "/small"]).stdout == b""
    assert run.files == []


def test_an_ended_run_leaves_no_process(rget: Rget, site: Site) -> None:
    """Not after success, not after a failure."""
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), *SPLIT)
    rget.run("-u", f"http://{HOST}:1/", "-t", "1")
    assert rget.place.processes() == []
