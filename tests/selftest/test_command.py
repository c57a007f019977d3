"""The command as its users run it, on scripts that do one thing wrong each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from emit.cli import cli
from tests.selftest import scripts

if TYPE_CHECKING:
    from pathlib import Path


def selftest(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    done = CliRunner(env={"COLUMNS": "160"}).invoke(cli, ["selftest", *arguments], input=stdin)
    return done.exit_code, done.stdout, done.stderr


def tried(script: str, *cases: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what came of the cases under sh, by name; and that the status fits."""
    named = [word for case in cases for word in ("--case", case)]
    code, out, _ = selftest("-", "--shell", "sh", "--json", *named, *more, stdin=script)
    report = json.loads(out)
    assert code == (1 if report["summary"]["BAD"] else 0)
    return {one["case"]: one for one in report["results"]}


def test_a_safe_script_passes() -> None:
    came = tried(scripts.SAFE, "file", "no-ranges", "status-404", "term-midway", "changed")
    assert {one["grade"] for one in came.values()} == {"ok"}
    assert came["file"] == {
        "bytes": 7_000_007,
        "case": "file",
        "expected": "file",
        "grade": "ok",
        "guarantee": 2,
        "happened": "the file",
        "place": "sh",
        "requests": 1,
        "seconds": came["file"]["seconds"],
        "server": "a good server: ranges, ETag, date",
        "status": 0,
        "stderr": "",
    }


def test_what_it_does_not_offer_is_not_asked() -> None:
    came = tried(scripts.SAFE, "digest", "header", "stream", "mirror-404", "disk-full")
    told = {name: (one["grade"], one["happened"]) for name, one in came.items()}
    assert told == {
        "digest": ("not offered", "-s"),
        "header": ("not offered", "-H"),
        "stream": ("not offered", "stdout"),
        "mirror-404": ("not offered", "mirrors"),
        "disk-full": ("not offered", "small disk"),
    }


def test_what_is_safe_and_no_more_is_weak() -> None:
    came = tried(scripts.SAFE, "status-503", "parallel")
    assert {one["grade"] for one in came.values()} == {"weak"}
    code, *_ = selftest(
        *("-", "--shell", "sh", "--case", "status-503", "--strict"), stdin=scripts.SAFE
    )
    assert code == 1


@pytest.mark.parametrize(
    ("script", "case", "happened"),
    [
        (scripts.PLAIN, "status-404", "wrong bytes, status 0: nothing can be right"),
        (scripts.PLAIN, "short", "exit 18; left: out/f"),
        (scripts.LITTERS, "file", "the file; left: out/f.part"),
        (scripts.LIES, "file", "wrong bytes, status 0: 6 instead of 7000007"),
        (scripts.EMPTY, "file", "status 0 and no file"),
        (scripts.LINGERS, "file", "the file; still running: sleep 60"),
    ],
)
def test_harm_is_found(script: str, case: str, happened: str) -> None:
    came = tried(script, case)
    assert (came[case]["grade"], came[case]["happened"]) == ("BAD", happened)


def test_a_hang_is_ended_with_all_it_started() -> None:
    began = time.monotonic()
    came = tried(scripts.SLEEPS, "file", more=("--deadline", "1"))
    assert came["file"]["grade"] == "BAD"
    assert came["file"]["happened"].startswith("still running 1 s after the start")
    assert time.monotonic() - began < 10


def test_a_script_that_fetches_nothing_is_asked_nothing_more() -> None:
    code, _, err = selftest("-", "--shell", "sh", stdin="exit 3")
    assert (code, err.splitlines()[-1]) == (
        1,
        "emit: 1 case: 1 weak; it got no file from a good server (sh): try it there",
    )
    cases = ("--case", "status-404", "--case", "no-ranges")
    code, out, _ = selftest("-", "--shell", "sh", "--json", *cases, stdin="echo no >&2; exit 3")
    assert code == 1
    assert [(one["case"], one["happened"]) for one in json.loads(out)["results"]] == [
        ("file", "exit 3; gives up: no")
    ]


def test_a_command_is_tested_by_what_it_names() -> None:
    checked = 'curl -fsSo "$OUT" "$URL" && echo "$DIGEST  $OUT" | sha256sum -c --status'
    code, out, err = selftest(
        *("--command", checked, "--shell", "sh", "--case", "digest", "--case", "header"),
        *("--case", "flipped-bit"),
    )
    assert code == 1
    rows = [line.split()[:2] for line in out.splitlines()]
    assert ["BAD", "flipped-bit"] in rows
    assert ["ok", "digest"] in rows
    assert "not offered, -H: header" in out
    assert err.endswith("emit: 3 cases: 1 ok, 1 BAD, 1 not offered\n")


def test_several_shells_are_compared() -> None:
    code, out, _ = selftest(
        *("-", "--shell", "sh", "--shell", "bash", "--case", "file", "--case", "status-503"),
        stdin=scripts.SAFE,
    )
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split() == ["case", "sh", "bash"]
    assert lines[1].split() == ["file", "ok", "ok"]
    assert lines[2].split() == ["status-503", "weak", "weak"]
    assert "gives up: curl: (22)" in out.replace("\n", " ")


def test_the_cases_are_listed() -> None:
    code, out, _ = selftest("--list")
    assert code == 0
    assert "no-ranges " in out
    assert "beyond-2-gib" not in out
    code, out, _ = selftest("--list", "--json", "--case", "mirror-404")
    assert json.loads(out) == [
        {
            "big": False,
            "case": "mirror-404",
            "expected": "file",
            "guarantee": 4,
            "needs": ["mirrors"],
            "server": "the first mirror answers 404",
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "give a SCRIPT or --command CMD"),
        (["x.sh", "--command", "true"], 2, "give a SCRIPT or --command CMD"),
        (["no-such.sh"], 2, "cannot read no-such.sh: No such file or directory; give a shell"),
        (["-", "--case", "nonsense"], 2, "no case is called nonsense: --list has them all"),
        (["-", "--shell", "no-such-sh"], 2, "there is no no-such-sh here"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(arguments: list[str], code: int, said: str) -> None:
    status, out, err = selftest(*arguments)
    assert (status, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1


def test_an_interrupt_ends_everything(tmp_path: Path) -> None:
    script = tmp_path / "sleeps.sh"
    script.write_text(scripts.SLEEPS)
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "emit", "selftest", script, "--shell", "sh"],
        stderr=subprocess.PIPE,
        env=env,
        text=True,
    ) as process:
        while not list(tmp_path.glob("emit-selftest-*/*/pid")):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "emit: interrupted"
    assert list(tmp_path.glob("emit-selftest-*")) == []
