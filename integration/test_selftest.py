"""`emit selftest` in real containers: on our script, on the obvious way, on plain wget."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from integration import containers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integration.containers import Fleet

HERE = Path(__file__).parent
RELEASES = ("3.9", "3.12", "3.16", "3.20", "edge")
ANCESTOR = os.environ.get("EMIT_ANCESTOR", "")
NAIVE = [str(HERE / "naive.sh"), *([ANCESTOR] if ANCESTOR else [])]
HOSTS = [shell for shell in ("dash", "bash", "mksh") if shutil.which(shell)]


def selftest(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "emit", "selftest", *arguments, "--json"],
        cwd=HERE.parent,
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )
    results = json.loads(done.stdout)["results"] if done.stdout else []
    return done.returncode, results, done.stderr


def named(word: str, values: Iterable[str]) -> list[str]:
    return [option for value in values for option in (word, value)]


def graded(results: Iterable[dict[str, Any]], *grades: str) -> dict[tuple[str, str], str]:
    """Return what happened where a result has one of the grades, by place and case."""
    return {
        (one["place"], one["case"]): one["happened"] for one in results if one["grade"] in grades
    }


@pytest.fixture(scope="session")
def releases(fleet: Fleet) -> list[str]:  # noqa: ARG001 - skips, or fails, where there is no Docker
    here = [f"alpine:{tag}" for tag in RELEASES if tag in containers.images()]
    if not here:
        pytest.skip(f"none of alpine:{', '.join(RELEASES)} is here")
    return here


def test_our_script_does_no_harm(scripts: Path, releases: list[str]) -> None:
    """Every case is asked in every release."""
    code, results, said = selftest(str(scripts / "rget.sh"), "-j", "20", *named("--in", releases))
    assert graded(results, "BAD", "not offered") == {}, said
    assert code == 0


@pytest.mark.skipif(not HOSTS, reason="there is no dash, bash or mksh here")
def test_our_script_does_no_harm_on_this_machine(scripts: Path) -> None:
    """Under each of the shells here, with GNU wget or curl."""
    cases = named("--case", ["login-*", "s*", "mirror-*", "brownout-*", "garbage", "int-*"])
    shells = named("--shell", HOSTS)
    code, results, said = selftest(str(scripts / "rget.sh"), *shells, "-j", "20", *cases)
    assert graded(results, "BAD") == {}, said
    assert code == 0


@pytest.mark.parametrize("script", NAIVE)
def test_the_obvious_way_gives_wrong_bytes(script: str, releases: list[str]) -> None:
    cases = named("--case", ["file", "no-ranges", "changed"])
    code, results, said = selftest(script, "--in", releases[-1], *cases)
    assert code == 1, said
    happened = {one["case"]: one["happened"] for one in results}
    assert happened["file"] == "the file"
    for case in ("no-ranges", "changed"):
        assert happened[case].startswith("wrong bytes, status 0: "), happened


def test_plain_wget_leaves_half_a_file(releases: list[str]) -> None:
    command = 'wget -q -O "$OUT" "$URL"'
    cases = named("--case", ["file", "short", "status-404", "header"])
    code, results, _ = selftest("--command", command, "--in", releases[-1], *cases)
    assert code == 1
    assert {one["case"]: one["happened"] for one in results} == {
        "file": "the file",
        "short": "exit 1; left: out/f",
        "status-404": "exit 1",
        "header": "-H",
    }


def test_what_hangs_in_a_container_is_ended_with_all_it_started(releases: list[str]) -> None:
    command = "sleep 1000 & sleep 1000"
    code, results, _ = selftest("--command", command, "--in", releases[-1], "--deadline", "2")
    assert code == 1
    assert [one["happened"] for one in results] == ["still running 2 s after the start"]
    listed = containers.docker("ps", "--format", "{{.Names}}").stdout.decode()
    assert f"emit-selftest-{os.getpid()}" not in listed


def test_an_image_that_is_not_there_is_one_sentence(releases: list[str]) -> None:
    assert releases
    code, results, said = selftest("--command", "true", "--in", "127.0.0.1:1/no:such")
    assert (code, results) == (1, [])
    assert said.startswith("emit: cannot run a container of 127.0.0.1:1/no:such: ")
    assert said.count("\n") == 1
