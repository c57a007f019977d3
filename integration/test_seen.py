"""It can be seen, and it holds little: progress on a terminal and in a build log, streams."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from emit.selftest.content import body

if TYPE_CHECKING:
    from emit.selftest.journal import Site
    from integration.containers import Alpine
    from integration.rget import Rget

pytestmark = [pytest.mark.releases("3.9", "3.16", "edge"), pytest.mark.usefixtures("rget")]
LIVE = re.compile(rb"\[(#* *)\] (\d+) MiB, (\d+)%, (\d+) KiB/s, (\d+) s left\x1b\[K\r")
SLOW = ["-b", "512K", "-P", "4"]


def test_a_terminal_shows_one_live_line(alpine: Alpine, site: Site) -> None:
    """A real pseudo-terminal: docker exec -t."""
    url = site.url("/paced/500000/6000000")
    command = alpine.command(["sh", "/work/rget.sh", "-o", "f", "-u", url, *SLOW], {}, "")
    command.insert(command.index("exec") + 1, "-t")
    shown = subprocess.run(command, capture_output=True, timeout=30, check=True).stdout
    lines = LIVE.findall(shown)
    assert len(lines) >= 2, shown
    assert all(len(bar) == 10 for bar, *_ in lines)
    percents = [int(percent) for _, _, percent, _, _ in lines]
    assert percents == sorted(percents)
    assert shown.count(b"\n") == 1, shown
    assert shown.endswith(b"bytes/s, not verified\r\n"), shown


def test_a_log_has_few_lines(rget: Rget, site: Site) -> None:
    run = rget.fetches(body(6_000_000), "-u", site.url("/paced/500000/6000000"), *SLOW)
    lines = run.stderr.splitlines()
    assert 2 <= len(lines) <= 11, run.stderr
    assert "\r" not in run.stderr
    assert re.fullmatch(r"rget\.sh: 6000000 bytes in \d+ s, \d+ bytes/s, not verified", lines[-1])


def test_quiet_says_nothing(rget: Rget, site: Site) -> None:
    run = rget.fetches(body(6_000_000), "-q", "-u", site.url("/paced/500000/6000000"), *SLOW)
    assert run.stderr == ""


def test_a_size_that_nobody_tells_is_no_division_by_zero(rget: Rget, site: Site) -> None:
    """A server that says nothing for two seconds, then 503, then the file."""
    run = rget.fetches(body(100_000), "-u", site.url("/status-first/503/2/100000"))
    assert run.seconds > 1


def test_a_build_log_has_few_lines(alpine: Alpine, site: Site) -> None:
    """The same in `docker build --progress=plain`, without a terminal."""
    folder = alpine.out / "build"
    folder.mkdir()
    script = (alpine.shared / "rget.sh").read_bytes()
    (folder / "rget.sh").write_bytes(script)
    url = site.url("/paced/500000/6000000")
    steps = [f"FROM alpine:{alpine.tag}", "COPY rget.sh /", f"RUN sh /rget.sh -o /f -u {url}"]
    (folder / "Dockerfile").write_text("\n".join(steps), encoding="utf-8")
    build = ["docker", "build", "--network=host", "--progress=plain", "--no-cache", "."]
    done = subprocess.run(build, cwd=folder, capture_output=True, timeout=120, check=True)
    lines = [line for line in done.stderr.decode().splitlines() if " rget.sh: " in line]
    assert 2 <= len(lines) <= 11, done.stderr
    assert "6000000 bytes in " in lines[-1]


def test_a_stream_waits_for_its_reader(alpine: Alpine, site: Site) -> None:
    """However late the reader is, at most 2 x P blocks lie in $TMPDIR."""
    url = site.url("/file/3000000")
    late = '{ sleep 2; ls "$TMPDIR"/.rget.*/p; cat; }'
    script = f'sh /work/rget.sh -q -u "$1" -b 64K -P 2 -o - | {late}'
    run = alpine.run(["sh", "-c", script, "sh", url])
    listed, content = run.stdout[: -len(body(3_000_000))], run.stdout[-3_000_000:]
    assert content == body(3_000_000)
    blocks = [line for line in listed.split() if line.startswith(b"got")]
    assert 1 <= len(blocks) <= 4
    assert run.files == []


def test_a_reader_that_goes_away_is_no_error_to_speak_of(alpine: Alpine, site: Site) -> None:
    url = site.url("/file/3000000")
    script = 'sh /work/rget.sh -u "$1" -b 64K -o - | head -c 5'
    run = alpine.run(["sh", "-c", script, "sh", url])
    assert (run.stdout, run.stderr, run.files) == (body(3_000_000)[:5], "", [])
