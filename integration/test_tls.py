"""TLS that verifies, or an error that says how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from integration.containers import TAGS
from integration.rget import Rget, digest

if TYPE_CHECKING:
    from integration.containers import Alpine
    from integration.nginx import Nginx

SIZE = 300_000
SPLIT = ["-b", "64K", "-P", "4"]
UNVERIFYING = TAGS[1:]  # the ssl_client of 3.6 crashes when told not to verify


@pytest.fixture
def content(nginx: Nginx) -> bytes:
    """What nginx serves as /f."""
    (nginx.www / "f").write_bytes(body(SIZE))
    return body(SIZE)


def test_a_trusted_peer_is_fetched_from(
    alpine: Alpine, rget: Rget, nginx: Nginx, content: bytes
) -> None:
    if not alpine.verifies:
        rget.fails(5, "-u", nginx.url("/f", "https"), *SPLIT, says="-k")
        return
    rget.fetches(content, "-u", nginx.url("/f", "https"), *SPLIT)


def test_an_unverified_peer_fails_and_names_the_cures(
    rget: Rget, nginx: Nginx, content: bytes
) -> None:
    assert content
    run = rget.fails(5, "-u", nginx.url("/f", "untrusted"), *SPLIT)
    assert "-k" in run.stderr
    assert "-s" in run.stderr
    assert run.seconds < 5


@pytest.mark.releases("3.6")
def test_k_is_of_no_use_in_alpine_3_6(rget: Rget, nginx: Nginx) -> None:
    """Its ssl_client crashes when told not to verify: refused, not accepted."""
    rget.fails(5, "-k", "-u", nginx.url("/f", "untrusted"), says="not verified")


@pytest.mark.releases(*UNVERIFYING)
def test_k_accepts_an_unverified_peer(rget: Rget, nginx: Nginx, content: bytes) -> None:
    rget.fetches(content, "-k", "-u", nginx.url("/f", "untrusted"), *SPLIT)


@pytest.mark.releases(*UNVERIFYING)
def test_the_right_digest_accepts_an_unverified_peer(
    rget: Rget, nginx: Nginx, content: bytes
) -> None:
    rget.fetches(content, "-s", digest(content), "-u", nginx.url("/f", "untrusted"), *SPLIT)


@pytest.mark.releases(*UNVERIFYING)
def test_the_wrong_digest_from_an_unverified_peer_fails(
    rget: Rget, nginx: Nginx, content: bytes
) -> None:
    assert content
    rget.fails(9, "-s", digest(b""), "-u", nginx.url("/f", "untrusted"), *SPLIT)


@pytest.mark.releases(*UNVERIFYING)
def test_no_header_is_shown_to_an_unverified_peer(rget: Rget, nginx: Nginx, content: bytes) -> None:
    """A digest tells of the file; whoever asks with a token tells it first."""
    asked = [
        "-s",
        digest(content),
        "-H",
        "Authorization: secret",
        "-u",
        nginx.url("/f", "untrusted"),
    ]
    rget.fails(5, *asked, *SPLIT, says="not verified")


def test_http_may_redirect_to_https(
    alpine: Alpine, rget: Rget, nginx: Nginx, content: bytes
) -> None:
    trust = [] if alpine.verifies else ["-k"]
    rget.fetches(content, *trust, "-u", nginx.url("/to-https/f"), *SPLIT)


def test_https_may_redirect_to_https(
    alpine: Alpine, rget: Rget, nginx: Nginx, content: bytes
) -> None:
    trust = [] if alpine.verifies else ["-k"]
    rget.fetches(content, *trust, "-u", nginx.url("/to-https/f", "https"), *SPLIT)


def test_https_may_not_redirect_to_http(rget: Rget, nginx: Nginx, content: bytes) -> None:
    assert content
    rget.fails(5, "-u", nginx.url("/to-http/f", "https"), *SPLIT, says="-k")


@pytest.mark.releases(*UNVERIFYING)
def test_k_accepts_a_redirect_from_https_to_http(rget: Rget, nginx: Nginx, content: bytes) -> None:
    rget.fetches(content, "-k", "-u", nginx.url("/to-http/f", "https"), *SPLIT)


@pytest.mark.parametrize("server", ["http", "https"])
@pytest.mark.parametrize("location", ["", "/noranges", "/redirect", "/slow"])
def test_a_real_nginx_serves_it(
    alpine: Alpine, rget: Rget, nginx: Nginx, content: bytes, location: str, server: str
) -> None:
    trust = [] if alpine.verifies else ["-k"]
    rget.fetches(content, *trust, "-u", nginx.url(f"{location}/f", server), *SPLIT)


def test_plain_http_on_a_tls_port_is_no_wrong_file(
    rget: Rget, nginx: Nginx, content: bytes
) -> None:
    """nginx answers 400 to it."""
    assert content
    url = nginx.url("/f", "https").replace("https:", "http:")
    rget.fails(8, "-u", url, *SPLIT, says="400")


def test_tls_on_a_plain_port_fails(rget: Rget, nginx: Nginx, content: bytes) -> None:
    assert content
    url = nginx.url("/f").replace("http:", "https:")
    run = rget.run("-u", url, "-t", "3", *SPLIT)
    assert run.status in {4, 5}
    assert run.files == []
