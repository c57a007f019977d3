import re
import subprocess

import pytest

from emit.check import check
from emit.collect import collect
from emit.shell_ast import parse
from tests.variants import COMBINATIONS, GOLDEN, NAMED, READERS, name_of, plan_of, script_of

BUILTINS = """: . [ break cd command continue exec exit export false getopts kill local printf pwd
read readonly return set shift test times trap true type ulimit umask unset wait echo"""

#: What stands in every Alpine from 3.6 on, and in any POSIX system or GNU's.
APPLETS = """basename cat chmod cmp cp cut date dd df dirname du expr grep head id ln ls mkdir
mkfifo mktemp mv nc od rm rmdir sed seq sh sha256sum sha512sum sleep sort stat stty sync tail tee
touch tr truncate tty uname wc wget xargs"""

every_combination = pytest.mark.parametrize("features", COMBINATIONS, ids=name_of)


def test_there_are_as_many_as_six_switches_make() -> None:
    assert len({*COMBINATIONS}) == 2**6


@every_combination
def test_the_rules_of_the_house_hold(features: tuple[str, ...]) -> None:
    """Among them: each function is called, each setting read, `sh -n` and shellcheck's errors."""
    assert check(script_of(features)) == []


@every_combination
@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_each_shell_can_read_it(features: tuple[str, ...], reader: list[str]) -> None:
    script = script_of(features)
    done = subprocess.run(reader, input=script, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@every_combination
def test_its_options_are_in_the_manual_and_in_the_code(features: tuple[str, ...]) -> None:
    script = script_of(features)
    letters = {*plan_of(features).options} - {":"}
    manual = script[: script.index("set -eu")]
    assert {*re.findall(r"(?<=[ #])-([A-Za-z])\b", manual)} >= letters
    assert {*re.findall(r"^#   -(\w)(?: -(\w))?", manual)} <= {*letters, ""}
    assert {*re.findall(r"(?:^\t+| ;; )([A-Za-z])\)", script, re.MULTILINE)} == letters


@every_combination
def test_it_calls_nothing_that_is_not_there(features: tuple[str, ...]) -> None:
    """Neither a function of a feature that was left out, nor a program that Alpine lacks."""
    names = collect(parse(script_of(features)))
    there = {*names.defined, *BUILTINS.split(), *APPLETS.split()}
    there |= {"curl"} if "portable" in features else set()
    there |= (
        {"ssl_client"} if {"headers", "portable"} & {*features} else set()
    )  # Alpine's, behind its wget
    assert {*names.functions} - there == set()


@every_combination
def test_no_trace_of_the_template_is_left(features: tuple[str, ...]) -> None:
    assert not re.search(r"\{%|%\}|\{\{|# shellcheck shell=", script_of(features))


@pytest.mark.parametrize(("name", "lines"), [("lean", 245), ("all", 364)])
def test_a_named_variant_is_read_in_one_sitting(name: str, lines: int) -> None:
    assert len(script_of(NAMED[name]).splitlines()) <= lines


@pytest.mark.parametrize("name", NAMED)
def test_a_named_variant_is_the_golden(name: str, request: pytest.FixtureRequest) -> None:
    """A golden is a script: run it, lint it, read its diff."""
    golden = GOLDEN / f"rget-{name}.sh"
    if request.config.getoption("--update-goldens"):
        golden.write_text(script_of(NAMED[name]), encoding="utf-8")
        golden.chmod(0o755)
    assert golden.read_text(encoding="utf-8") == script_of(NAMED[name])
    assert golden.stat().st_mode & 0o111, "a golden is executable"
