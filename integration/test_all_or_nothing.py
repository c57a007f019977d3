"""All or nothing: FILE appears by one mv, or what stood there is untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body
from integration.rget import BEFORE, Rget, digest, odd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emit.selftest.journal import Exchange, Site
    from integration.containers import Alpine

SIZE = 300_000
SPLIT = ["-b", "64K", "-P", "4"]


def halves() -> Callable[[Sequence[Exchange]], bool]:
    """Return what is true of the log once half of each block under way is there."""
    return lambda log: sum(exchange.sent >= 30_000 for exchange in log) >= 4


@pytest.mark.parametrize("group", [False, True], ids=["one", "group"])
@pytest.mark.parametrize(("signal", "status"), [("TERM", 143), ("INT", 130), ("HUP", 129)])
def test_a_signal_ends_it_and_nothing_is_left(
    alpine: Alpine, rget: Rget, site: Site, signal: str, status: int, *, group: bool
) -> None:
    """Sent to the shell alone, as docker does, or to its group, as ^C does."""
    (alpine.out / "f").write_bytes(BEFORE)
    argv = rget.argv("-u", site.url(f"/held/{SIZE}"), *SPLIT)
    with alpine.started(argv) as started:
        site.wait(halves())
        alpine.kill(signal, group=group)
        run = started.finish(10)
    assert run.status == status
    assert alpine.processes() == []
    assert alpine.files() == ["out/f"]
    assert (alpine.out / "f").read_bytes() == BEFORE
    assert odd(run.stderr) == []


def test_a_signal_ends_a_single_stream(alpine: Alpine, rget: Rget, site: Site) -> None:
    with alpine.started(rget.argv("-u", site.url(f"/heldstream/{SIZE}"))) as started:
        site.wait(lambda log: any(exchange.sent >= SIZE // 2 for exchange in log))
        alpine.kill("TERM", group=False)
        run = started.finish(10)
    assert run.status == 143
    assert alpine.processes() == []
    assert alpine.files() == []


def test_a_signal_ends_the_wait_between_two_tries(alpine: Alpine, rget: Rget, site: Site) -> None:
    with alpine.started(rget.argv("-u", site.url("/status/503"), "-t", "300")) as started:
        site.wait(lambda log: len(log) >= 2)
        alpine.kill("TERM", group=False)
        run = started.finish(10)
    assert run.status == 143
    assert alpine.processes() == []
    assert alpine.files() == []


def test_success_replaces_what_stood_there(rget: Rget, site: Site) -> None:
    (rget.place.out / "f").write_bytes(BEFORE)
    rget.fetches(body(SIZE), "-u", site.url(f"/file/{SIZE}"), *SPLIT)


def test_the_file_is_seen_only_when_it_is_whole(alpine: Alpine, rget: Rget, site: Site) -> None:
    with alpine.started(rget.argv("-u", site.url(f"/held/{SIZE}"), *SPLIT)) as started:
        site.wait(halves())
        meanwhile = alpine.files()
        alpine.kill("TERM", group=False)
        started.finish(10)
    assert "out/f" not in meanwhile
    assert meanwhile != ["pid"]


def test_a_folder_as_output_fails(rget: Rget, site: Site) -> None:
    (rget.place.out / "folder").mkdir()
    run = rget.run("-u", site.url("/file/9"), out="folder")
    assert (run.status, odd(run.stderr), run.files) == (3, [], ["out/folder"])
    assert "folder" in run.stderr


def test_a_missing_folder_fails(rget: Rget, site: Site) -> None:
    run = rget.run("-u", site.url("/file/9"), out="no/such/f")
    assert (run.status, odd(run.stderr), run.files) == (3, [], [])
    assert "no/such" in run.stderr


def test_a_folder_one_may_not_write_to_fails(rget: Rget, site: Site) -> None:
    folder = rget.place.out / "mine"
    folder.mkdir(mode=0o755)
    run = rget.run("-u", site.url("/file/9"), out="mine/f", user="65534:65534")
    assert (run.status, odd(run.stderr), run.files) == (3, [], ["out/mine"])
    assert "mine" in run.stderr


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_a_device_is_not_replaced_by_a_file(rget: Rget, site: Site, device: str) -> None:
    run = rget.run("-u", site.url("/file/9"), out=device)
    kind = rget.place.run(["test", "-c", device])
    assert (run.status, kind.status, run.files) == (3, 0, [])
    assert device in run.stderr


def test_a_failure_late_in_the_transfer_leaves_nothing(rget: Rget, site: Site) -> None:
    rget.fails(8, "-u", site.url(f"/status-later/404/3/{SIZE}"), *SPLIT)
    assert rget.place.processes() == []


def test_a_wrong_digest_leaves_nothing(rget: Rget, site: Site) -> None:
    rget.fails(9, "-u", site.url(f"/file/{SIZE}"), "-s", digest(b""), *SPLIT)
