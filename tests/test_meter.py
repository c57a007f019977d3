import os
import pty
import subprocess
import sys

import pytest

from tests.variants import ROOT

CODE = "from emit.console import meter\nwith meter('locking') as m:\n  {}"


def on_a_terminal(body: str) -> str:
    """Return what is seen on a terminal that is this program's stderr."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", CODE.format(body)], stderr=theirs, cwd=ROOT
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            seen += piece
        os.close(ours)
    assert process.returncode == 0
    return seen.decode()


def test_a_terminal_shows_how_far_it_is() -> None:
    seen = on_a_terminal("[m(0, 100), m(50, 0), m(50, 0)]")
    assert "locking" in seen
    assert "100/100 bytes" in seen


def test_nothing_is_shown_where_nothing_is_fetched() -> None:
    assert on_a_terminal("pass") == ""


def test_a_log_has_no_bar(capfd: pytest.CaptureFixture[str]) -> None:
    subprocess.run([sys.executable, "-c", CODE.format("m(1, 2)")], check=True, cwd=ROOT)
    assert capfd.readouterr() == ("", "")
