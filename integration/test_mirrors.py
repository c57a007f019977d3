"""Mirrors: one that is dead, slow or lies costs a retry, never wrong bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from integration.rget import Rget, digest

if TYPE_CHECKING:
    from emit.selftest.journal import Site

SIZE = 300_000
SPLIT = ["-b", "32K", "-P", "4"]
LIARS = [
    f"/file/{SIZE + 1}",  # another size, hence other totals
    f"/login/0/{SIZE}",
    f"/noranges/{SIZE}",
    f"/shifted/0/{SIZE}",
    f"/overlong/{SIZE}",
    f"/capped/1000/{SIZE}",
    "/status/404",
    "/status/403",
    "/loop",
]
pytestmark = pytest.mark.releases("3.6", "3.9", "3.16", "edge")


def test_the_blocks_are_spread_over_the_mirrors(rget: Rget, site: Site) -> None:
    mirrors = [f"/file/{SIZE}", f"/paced/10000000/{SIZE}"]
    rget.fetches(body(SIZE), *arguments(site, *mirrors), *SPLIT)
    asked = [exchange.path.split("/")[1] for exchange in site.log()]
    assert min(asked.count("file"), asked.count("paced")) >= 2


def test_with_a_digest_mirrors_may_tag_it_otherwise(rget: Rget, site: Site) -> None:
    """It says what a tag says, and more."""
    mirrors = arguments(site, f"/file/{SIZE}", f"/tagged/weak/{SIZE}")
    run = rget.fetches(body(SIZE), *mirrors, "-s", digest(body(SIZE)), *SPLIT)
    asked = [exchange.path.split("/")[1] for exchange in site.log()]
    assert min(asked.count("file"), asked.count("tagged")) >= 2
    assert run.seconds < 5


@pytest.mark.parametrize("liar", LIARS)
def test_a_mirror_that_lies_costs_a_retry(rget: Rget, site: Site, liar: str) -> None:
    run = rget.fetches(body(SIZE), *arguments(site, f"/file/{SIZE}", liar), *SPLIT)
    assert run.seconds < 15


def test_a_digest_finds_the_mirror_that_is_right(rget: Rget, site: Site) -> None:
    """The first one lies in every byte: only the digest can tell."""
    mirrors = arguments(site, f"/otherfile/{SIZE}", f"/file/{SIZE}")
    rget.fetches(body(SIZE), *mirrors, "-s", digest(body(SIZE)), *SPLIT)


def test_mirrors_that_all_have_other_bytes_fail(rget: Rget, site: Site) -> None:
    mirrors = arguments(site, f"/file/{SIZE}", f"/file/{SIZE}")
    rget.fails(9, *mirrors, "-s", digest(b""), *SPLIT, says="expected")


def test_mirrors_that_all_lack_it_fail_at_once(rget: Rget, site: Site) -> None:
    run = rget.fails(8, *arguments(site, "/status/404", "/status/410"), *SPLIT)
    assert run.seconds < 10


def arguments(site: Site, *paths: str) -> list[str]:
    """Return the -u of each path."""
    return [word for path in paths for word in ("-u", site.url(path))]
