"""Patience with a limit: what passes is waited for, what does not ends at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from emit.selftest.journal import HOST, Site

if TYPE_CHECKING:
    from integration.rget import Rget

SIZE = 300_000
SPLIT = ["-b", "64K", "-P", "4"]
TEMPORARY = [408, 425, 429, 500, 502, 503, 504]


@pytest.mark.releases("3.8", "3.9", "3.10", "3.12", "3.14", "3.16", "3.18", "3.20", "edge")
@pytest.mark.parametrize("trouble", ["short", "reset"])
def test_a_broken_connection_resumes_from_the_bytes_it_has(
    rget: Rget, site: Site, trouble: str
) -> None:
    """No byte is sent twice, but for seeds."""
    rget.fetches(body(SIZE), "-u", site.url(f"/{trouble}/1/{SIZE}"), *SPLIT)
    assert sum(exchange.sent for exchange in site.log()) <= SIZE + 6


@pytest.mark.releases("3.6", "3.10", "3.12", "edge")
def test_a_connection_that_breaks_again_and_again_resumes(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/short/5/{SIZE}"), *SPLIT)
    assert sum(exchange.sent for exchange in site.log()) <= SIZE + 10


@pytest.mark.parametrize("path", ["short/1", "noranges"])
def test_one_stream_that_breaks_is_fetched_whole(rget: Rget, site: Site, path: str) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/{path}/{SIZE}"), "-b", "1G")


@pytest.mark.releases("3.6", "3.10", "3.20", "edge")
def test_a_stream_without_ranges_that_breaks_starts_over(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/shortstream/1/{SIZE}"))


def test_a_stalled_connection_is_dead_after_T_seconds(rget: Rget, site: Site) -> None:  # noqa: N802
    run = rget.fetches(body(SIZE), "-u", site.url(f"/stall/1/{SIZE}"), "-T", "1", *SPLIT)
    assert run.seconds < 15


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("code", TEMPORARY)
def test_a_temporary_status_is_asked_again(rget: Rget, site: Site, code: int) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/status-first/{code}/1/{SIZE}"), *SPLIT)


def test_several_busy_answers_are_waited_out(rget: Rget, site: Site) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/status-first/503/2/{SIZE}"), *SPLIT)


@pytest.mark.releases("3.9", "edge")
def test_a_busy_answer_to_a_user_with_a_password_is_waited_out(rget: Rget, site: Site) -> None:
    """Retry-After is asked for by nc, which would not send them."""
    url = site.url(f"/basic-busy/1/{SIZE}").replace("//", "//user:pass@", 1)
    rget.fetches(body(SIZE), "-u", url, *SPLIT)


@pytest.mark.parametrize(
    ("code", "status"), [(400, 8), (401, 6), (403, 6), (404, 8), (407, 6), (410, 8), (451, 8)]
)
def test_another_client_error_ends_it_at_once(
    rget: Rget, site: Site, code: int, status: int
) -> None:
    run = rget.fails(status, "-u", site.url(f"/status/{code}"), says=str(code))
    assert len(site.log()) == 1
    assert run.seconds < 5


def test_a_refused_connection_is_given_up_after_t_seconds(rget: Rget) -> None:
    run = rget.fails(4, "-u", f"http://{HOST}:1/f", "-t", "3", says=f"{HOST}:1")
    assert run.seconds < 10


@pytest.mark.releases("3.6", "3.12", "edge")
def test_a_host_that_does_not_exist_is_given_up_after_t_seconds(rget: Rget) -> None:
    run = rget.fails(4, "-u", "http://no.such.host.invalid/f", "-t", "1", says="invalid")
    assert run.seconds < 30


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize(("path", "status"), [("/status/503", 8), ("/mute/9", 4)])
def test_what_never_gets_better_is_given_up_after_t_seconds(
    rget: Rget, site: Site, path: str, status: int
) -> None:
    run = rget.fails(status, "-u", site.url(path), "-t", "3", "-T", "1")
    assert run.seconds < 12


@pytest.mark.parametrize("dead", [f"http://{HOST}:1/f", "status"])
def test_a_dead_mirror_is_passed_over(rget: Rget, site: Site, dead: str) -> None:
    dead = site.url("/status/503") if dead == "status" else dead
    good = site.url(f"/file/{SIZE}")
    run = rget.fetches(body(SIZE), "-u", dead, "-u", good, "-t", "20", *SPLIT)
    assert run.seconds < 15


def test_a_mirror_that_dies_meanwhile_is_replaced(rget: Rget, site: Site) -> None:
    dying, good = site.url(f"/status-later/503/2/{SIZE}"), site.url(f"/file/{SIZE}")
    rget.fetches(body(SIZE), "-u", dying, "-u", good, *SPLIT)
