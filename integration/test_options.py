"""Headers, streams: the features that --lean leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from integration.rget import Rget, digest, odd

if TYPE_CHECKING:
    from emit.selftest.journal import Site

SIZE = 300_000
SPLIT = ["-b", "64K", "-P", "4"]
SECRET = ["-H", "Authorization: Bearer s3cret"]


def test_a_header_reaches_the_urls_own_host(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), *SECRET, "-u", site.url(f"/secret/{SIZE}"), *SPLIT)


def test_headers_are_all_sent(rget: Rget, site: Site) -> None:
    more = ["-H", "X-One: 1", "-H", "X-Two: b c"]
    rget.fetches(body(SIZE), *SECRET, *more, "-u", site.url(f"/secret/{SIZE}"), *SPLIT)
    for exchange in site.log():
        assert (exchange.headers["x-one"], exchange.headers["x-two"]) == ("1", "b c")


def test_a_header_reaches_no_other_host(rget: Rget, site: Site) -> None:
    """Storage behind a redirect refuses a second credential."""
    rget.fetches(body(SIZE), *SECRET, "-u", site.url(f"/secret-redirect/{SIZE}"), *SPLIT)
    assert [
        e.path for e in site.log() if e.port == site.ports[1] and "authorization" in e.headers
    ] == []


def test_a_header_is_sent_again_after_a_redirect_on_the_own_host(rget: Rget, site: Site) -> None:
    url = site.url(f"/redirect/302/path/secret/{SIZE}")
    rget.fetches(body(SIZE), *SECRET, "-u", url, *SPLIT)


def test_a_missing_secret_ends_it_at_once(rget: Rget, site: Site) -> None:
    rget.fails(6, "-u", site.url(f"/secret/{SIZE}"), *SPLIT, says="401")
    assert len(site.log()) == 1


def test_a_secret_is_never_printed(rget: Rget, site: Site) -> None:
    run = rget.fetches(body(SIZE), "-v", *SECRET, "-u", site.url(f"/secret/{SIZE}"), *SPLIT)
    assert "s3cret" not in run.stderr


@pytest.mark.parametrize(
    "path", ["file", "noranges", "nolength", "chunked", "redirect/302/other/file", "short/1"]
)
def test_a_dash_streams_to_stdout_in_order(rget: Rget, site: Site, path: str) -> None:
    run = rget.run("-u", site.url(f"/{path}/{SIZE}"), *SPLIT, out="-")
    assert (run.status, odd(run.stderr), run.files) == (0, [], [])
    assert digest(run.stdout) == digest(body(SIZE))


@pytest.mark.parametrize("size", [0, 1, 65536, 65537])
def test_any_size_streams(rget: Rget, site: Site, size: int) -> None:
    run = rget.run("-u", site.url(f"/file/{size}"), *SPLIT, out="-")
    assert (run.status, run.stdout, run.files) == (0, body(size), [])


def test_a_stream_has_a_digest(rget: Rget, site: Site) -> None:
    url = site.url(f"/file/{SIZE}")
    good = rget.run("-u", url, "-s", digest(body(SIZE)), *SPLIT, out="-")
    bad = rget.run("-u", url, "-s", digest(b""), *SPLIT, out="-")
    assert (good.status, good.files, bad.status, bad.files) == (0, [], 9, [])
    assert digest(good.stdout) == digest(body(SIZE))


def test_a_stream_that_fails_fails(rget: Rget, site: Site) -> None:
    run = rget.run("-u", site.url(f"/status-later/404/3/{SIZE}"), *SPLIT, out="-")
    assert (run.status, odd(run.stderr), run.files) == (8, [], [])
    assert body(SIZE).startswith(run.stdout)


def test_a_reader_that_goes_away_ends_it(rget: Rget, site: Site) -> None:
    command = f"{' '.join(rget.argv(out='-'))} -b 64K -u {site.url('/file/3000000')} | head -c 9"
    run = rget.place.run(["sh", "-c", command])
    assert run.stdout == body(3_000_000)[:9]
    assert run.files == []
    assert rget.place.processes() == []
