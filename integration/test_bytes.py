"""No wrong bytes: whatever the server does, the file is right or there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from integration.rget import Rget, digest, odd

if TYPE_CHECKING:
    from emit.selftest.journal import Site

SIZE = 300_000
BLOCK = 4096
SPLIT = ["-b", "64K", "-P", "4"]


@pytest.mark.parametrize("size", [0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 1])
def test_every_size_around_a_block_is_right(rget: Rget, site: Site, size: int) -> None:
    rget.fetches(body(size), "-u", site.url(f"/file/{size}"), "-b", str(BLOCK))


@pytest.mark.releases("3.6", "3.8", "3.9", "3.10", "edge")
@pytest.mark.parametrize("block", [1, 7, 511, 1000, 4097])
def test_every_block_size_is_right(rget: Rget, site: Site, block: int) -> None:
    rget.fetches(body(block * 12 + 1), "-u", site.url(f"/file/{block * 12 + 1}"), "-b", str(block))


@pytest.mark.parametrize("answer", ["200", "416"])
def test_an_empty_file_is_empty(rget: Rget, site: Site, answer: str) -> None:
    rget.fetches(b"", "-u", site.url(f"/empty/{answer}"))


@pytest.mark.parametrize(
    "path",
    [
        "file",
        "plain",
        "noranges",
        "nolength",
        "chunked",
        "chunkedranges",
        "oddcase",
        "oddredirect",
        "starred",
    ],
)
def test_a_servers_abilities_do_not_change_the_bytes(rget: Rget, site: Site, path: str) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/{path}/{SIZE}"), *SPLIT)


@pytest.mark.parametrize("form", ["path", "absolute", "other"])
@pytest.mark.parametrize("code", [301, 302, 303])
def test_redirects_are_followed(rget: Rget, site: Site, code: int, form: str) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/redirect/{code}/{form}/file/{SIZE}"), *SPLIT)


@pytest.mark.releases("3.6", "3.16", "3.18", "3.20", "edge")
@pytest.mark.parametrize("form", ["path", "absolute", "other"])
@pytest.mark.parametrize("code", [307, 308])
def test_307_and_308_are_followed_since_busybox_1_35(
    rget: Rget, site: Site, code: int, form: str
) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/redirect/{code}/{form}/file/{SIZE}"), *SPLIT)


@pytest.mark.releases("3.8", "3.10", "3.14")
@pytest.mark.parametrize("code", [307, 308])
def test_307_and_308_fail_at_once_in_an_older_busybox(rget: Rget, site: Site, code: int) -> None:
    """Its wget dies before it shows the Location."""
    rget.fails(8, "-u", site.url(f"/redirect/{code}/path/file/{SIZE}"), says=str(code))


@pytest.mark.releases("3.8", "3.12", "3.16", "3.20", "edge")
def test_a_redirect_to_a_bare_name_fails_at_once(rget: Rget, site: Site) -> None:
    """Busybox wget takes the name for a host."""
    rget.fails(8, "-u", site.url(f"/sibling/302/{SIZE}"), says="->")


@pytest.mark.releases("3.12", "3.14", "3.16", "3.18", "3.20", "edge")
def test_a_chain_of_five_redirects_is_followed(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/chain/5/{SIZE}"), *SPLIT)


@pytest.mark.releases("3.8", "3.10", "3.20", "edge")
@pytest.mark.parametrize("path", ["/loop", "/nowhere"])
def test_a_redirect_that_leads_nowhere_fails(rget: Rget, site: Site, path: str) -> None:
    run = rget.run("-u", site.url(path), "-t", "3")
    assert run.status in {7, 8}, run.stderr
    assert (odd(run.stderr), run.files) == ([], [])
    assert run.seconds < 20


@pytest.mark.parametrize("algorithm", ["sha256", "sha512", "bare"])
def test_the_right_digest_is_verified(rget: Rget, site: Site, algorithm: str) -> None:
    content = body(SIZE)
    right = digest(content, "sha512" if algorithm == "sha512" else "sha256")
    right = right.removeprefix("sha256:") if algorithm == "bare" else right
    rget.fetches(content, "-u", site.url(f"/file/{SIZE}"), "-s", right, *SPLIT)


@pytest.mark.releases("3.6", "3.12", "edge")
def test_a_digest_may_be_in_capitals(rget: Rget, site: Site) -> None:
    capitals = digest(body(SIZE)).removeprefix("sha256:").upper()
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), "-s", capitals)


@pytest.mark.parametrize("path", ["file", "noranges"])
def test_a_wrong_digest_says_expected_and_got(rget: Rget, site: Site, path: str) -> None:
    expected, got = digest(b"something else"), digest(body(SIZE))
    run = rget.fails(9, "-u", site.url(f"/{path}/{SIZE}"), "-s", expected, *SPLIT)
    assert expected.removeprefix("sha256:") in run.stderr
    assert got.removeprefix("sha256:") in run.stderr


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_an_empty_file_has_a_digest(rget: Rget, site: Site, algorithm: str) -> None:
    rget.fetches(b"", "-u", site.url("/empty/416"), "-s", digest(b"", algorithm))


def test_a_file_that_changes_once_is_fetched_anew(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE, "new"), "-u", site.url(f"/changes/2/{SIZE}"), *SPLIT)


@pytest.mark.parametrize("path", ["fickle", "overlong", "shifted/1", "capped/10000"])
def test_a_file_that_never_agrees_with_itself_fails(rget: Rget, site: Site, path: str) -> None:
    run = rget.fails(7, "-u", site.url(f"/{path}/{SIZE}"), "-t", "2", *SPLIT)
    assert run.seconds < 20


def test_a_file_that_grows_meanwhile_is_fetched_anew(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE + 1000), "-u", site.url(f"/resized/2/{SIZE}"), *SPLIT)


def test_a_server_that_forgets_ranges_is_read_as_one_stream(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/forgetful/2/{SIZE}"), *SPLIT)


@pytest.mark.parametrize("check", [(), ("-s", digest(body(SIZE)))], ids=["size", "digest"])
def test_a_login_page_in_the_middle_is_not_the_file(
    rget: Rget, site: Site, check: tuple[str, ...]
) -> None:
    """It is all that is left to fetch, but it has not the size that the file had."""
    rget.fails(7, "-u", site.url(f"/login/2/{SIZE}"), *check, *SPLIT, says="changed")
