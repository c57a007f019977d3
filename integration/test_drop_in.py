"""The ancestor's command line, and Go rget's, work unchanged; options mean what -h says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from integration.conftest import SCRIPTS
from integration.rget import Rget

if TYPE_CHECKING:
    from emit.selftest.journal import Site

SIZE = 300_000
FULL = ("rget.sh", "short.sh")
LEAN = ("lean.sh", "lean-short.sh")


@pytest.mark.parametrize("script", FULL)
def test_the_ancestors_command_line_fetches_through_a_redirect(
    rget: Rget, site: Site, script: str
) -> None:
    """`sh rget.sh -o OUT -u URL -P 4`, in every form of the script."""
    url = site.url("/redirect/302/other/file/3000000")
    Rget(rget.place, script).fetches(body(3_000_000), "-u", url, "-P", "4")


@pytest.mark.releases("3.8", "3.9", "3.10", "3.12", "3.14", "3.16", "3.18", "3.20", "edge")
@pytest.mark.parametrize("script", LEAN)
def test_so_does_lean(rget: Rget, site: Site, script: str) -> None:
    """`sh rget.sh -o OUT -u URL -P 4`, in every form of the script."""
    url = site.url("/redirect/302/other/file/3000000")
    Rget(rget.place, script).fetches(body(3_000_000), "-u", url, "-P", "4")


@pytest.mark.releases("3.6")
@pytest.mark.parametrize("script", LEAN)
def test_lean_says_what_alpine_3_6_lacks(rget: Rget, site: Site, script: str) -> None:
    """Its wget shows no headers: the feature `portable` knows how to do without."""
    Rget(rget.place, script).fails(2, "-u", site.url(f"/file/{SIZE}"), says="portable")


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("connections", ["1", "2", "64"])
def test_any_number_of_connections_gives_the_same_bytes(
    rget: Rget, site: Site, connections: str
) -> None:
    arguments = ["-P", connections, "-b", "10000"]
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), *arguments)


@pytest.mark.releases("3.8", "3.12", "edge")
@pytest.mark.parametrize(("size", "requests"), [("128K", 3), ("1M", 1), ("1G", 1), ("100000", 3)])
def test_a_block_size_is_in_bytes_or_has_a_unit(
    rget: Rget, site: Site, size: str, requests: int
) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), "-b", size)
    assert len(site.log()) == requests


@pytest.mark.releases("3.6", "3.10", "3.20", "edge")
@pytest.mark.parametrize(("options", "mode"), [([], 0o644), (["-x"], 0o755)])
def test_only_x_makes_the_file_executable(
    rget: Rget, site: Site, options: list[str], mode: int
) -> None:
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), *options)
    assert (rget.place.out / "f").stat().st_mode & 0o777 == mode


def test_q_says_nothing(rget: Rget, site: Site) -> None:
    run = rget.fetches(body(SIZE), "-q", "-u", site.url(f"/file/{SIZE}"), "-b", "64K")
    assert (run.stdout, run.stderr) == (b"", "")


def test_q_still_says_why_it_failed(rget: Rget, site: Site) -> None:
    rget.fails(8, "-q", "-u", site.url("/status/404"), says="404")


@pytest.mark.releases("3.8", "3.12", "edge")
def test_v_says_each_request(rget: Rget, site: Site) -> None:
    run = rget.fetches(body(SIZE), "-v", "-u", site.url(f"/file/{SIZE}"), "-b", "100000")
    assert run.stderr.count("/file/") >= 3


def test_the_last_line_tells_how_many_bytes_came(rget: Rget, site: Site) -> None:
    run = rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"))
    assert str(SIZE) in run.stderr.splitlines()[-1]


@pytest.mark.releases("3.6", "3.12", "edge")
def test_capital_v_is_the_version(rget: Rget) -> None:
    run = rget.run("-V")
    assert (run.status, run.stderr, run.files) == (0, "", [])
    assert run.stdout.startswith(b"rget.sh ")
    assert run.stdout.count(b"\n") == 1


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("script", ["rget.sh", "lean.sh"])
def test_h_is_the_manual_at_the_top(rget: Rget, script: str) -> None:
    run = Rget(rget.place, script).run("-h")
    assert (run.status, run.stderr, run.files) == (0, "", [])
    assert all(word in run.stdout for word in (b"usage: ", b"-u URL", b"-o FILE", b"exit: "))


@pytest.mark.releases("3.6", "edge")
@pytest.mark.parametrize("script", ["short.sh", "lean-short.sh"])
def test_h_of_a_short_form_is_its_title(rget: Rget, script: str) -> None:
    run = Rget(rget.place, script).run("-h")
    assert (run.status, run.stderr, run.files) == (0, "", [])
    assert run.stdout.startswith(b"emit rget ")


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize(
    "arguments",
    [
        ["-P", "0"],
        ["-P", "65"],
        ["-P", "four"],
        ["-P", "-1"],
        ["-P", "1;id"],
        ["-b", "0"],
        ["-b", "1X"],
        ["-b", "K"],
        ["-t", "soon"],
        ["-T", ""],
        ["-s", "sha256:"],
        ["-s", "sha256:" + "g" * 64],
        ["-s", "md5:" + "0" * 32],
        ["-s", "0" * 63],
        ["-s", "sha512:" + "0" * 64],
        ["-H", "no colon"],
        ["-H", "X: a\nHost: b"],
        ["-Z"],
        ["-P"],
        ["surplus"],
    ],
    ids=repr,
)
def test_what_cannot_be_meant_is_a_usage_error(
    rget: Rget, site: Site, arguments: list[str]
) -> None:
    rget.fails(2, "-u", site.url("/file/1"), *arguments)
    assert site.log() == []


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize(
    "argv", [[], ["-u", "http://127.0.0.1:1/"], ["-o", "f"], ["-u", "", "-o", "f"]], ids=repr
)
def test_without_url_or_output_there_is_a_usage_error(rget: Rget, argv: list[str]) -> None:
    run = rget.place.run(["sh", "/work/rget.sh", *argv])
    assert (run.status, run.stdout, run.files) == (2, b"", [])
    assert run.stderr.startswith("rget.sh: ")


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_truncated_copy_runs_nothing(rget: Rget, site: Site, script: str) -> None:
    """Whatever came of it: the last line, which calls main, did not."""
    whole = (rget.place.shared / script).read_bytes()
    cut = whole[: whole.rstrip().rindex(b"\n")]
    for name, part in (("most", cut), ("half", whole[: len(whole) // 2])):
        (rget.place.root / name).write_bytes(part)
        rget.place.run(["sh", f"../{name}", "-u", site.url("/file/9"), "-o", "f"])
    assert rget.place.files() == ["half", "most"]
    assert site.log() == []
