import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emit import __version__
from emit.assets.lockfile import locked
from emit.check import check
from emit.collect import collect
from emit.errors import UsageError
from emit.external import find
from emit.fetch import TEMPLATE, FetchPlan, plan_fetch
from emit.render import render
from emit.shell_ast import parse
from tests.assets.pinned import config, pins
from tests.variants import ROOT

ODD = "/opt/a'b $(touch x) `y`\\"
VARIANTS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "a file": [("jq", {})],
    "an archive": [("tool", {})],
    "a tree": [("tool", {"install": "", "into": "/usr/local", "strip": 1})],
    "private": [("jq", {"secret": "my_token"})],
    "no test": [("jq", {"test": ""})],
    "odd": [("jq", {"install": ODD, "test": ODD})],
    "all": [("jq", {"secret": "t"}), ("tool", {"install": "", "into": "/o"})],
}


def plan(name: str) -> FetchPlan:
    chosen = []
    for asset_name, other in VARIANTS[name]:
        asset = config().asset(asset_name)
        chosen.append((replace(asset, **other), locked(asset, pins())))
    return plan_fetch(chosen)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_combination_keeps_the_rules_of_the_house(name: str) -> None:
    assert check(render(TEMPLATE, plan(name).values())) == []


@pytest.mark.parametrize("name", VARIANTS)
def test_it_calls_no_function_that_was_left_out(name: str) -> None:
    names = collect(parse(render(TEMPLATE, plan(name).values())))
    ours = {"hear", "private", "unpack", "tree", "ask", "block", "again"}
    assert {*names.functions} & ours <= {*names.defined}


@pytest.mark.parametrize("name", sorted({*VARIANTS} - {"odd"}))
def test_shellcheck_has_nothing_to_say(name: str, tmp_path: Path) -> None:
    """Of its warnings either; emit itself stops at errors alone."""
    (tmp_path / "x.sh").write_text(render(TEMPLATE, plan(name).values()))
    program = find("shellcheck")
    assert program
    done = subprocess.run(
        [program, "--norc", tmp_path / "x.sh"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_script_of_all_is_the_golden(request: pytest.FixtureRequest) -> None:
    """A golden is a script: run it, lint it, read its diff."""
    golden = ROOT / "tests" / "golden" / "get-assets.sh"
    script = render(TEMPLATE, plan("all").values()).replace(__version__, "VERSION")
    if request.config.getoption("--update-goldens"):
        golden.write_text(script)
        golden.chmod(0o755)
    assert golden.read_text() == script


def test_it_can_be_read_in_one_sitting() -> None:
    assert len(render(TEMPLATE, plan("a file").values()).splitlines()) < 250
    assert len(render(TEMPLATE, plan("all").values()).splitlines()) < 350


def test_a_script_is_called_what_its_file_is_called() -> None:
    asset = config().asset("jq")
    chosen = [(asset, locked(asset, pins()))]
    assert plan_fetch(chosen).me == "get-jq.sh"
    assert plan_fetch(chosen, me="x.sh").me == "x.sh"
    assert plan_fetch(chosen, me="a b").me == "get-jq.sh"
    with pytest.raises(UsageError, match="two assets are called jq"):
        plan_fetch(chosen * 2)
