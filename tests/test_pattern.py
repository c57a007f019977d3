import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emit.cli import cli
from emit.dockerfile import parse, validate
from emit.dockerfile.stages import StageGraph, stage_graph
from emit.errors import UsageError
from emit.external import find
from emit.graph import plan_graph
from emit.pattern import PATTERNS, STAGES, plan_pattern
from emit.picture import as_svg
from emit.render import render
from tests.variants import ROOT

PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
OWN = {
    "base": "ghcr.io/me/base:1@sha256:" + 64 * "a",
    "tools": "node:22-alpine",
    "name": "my-app.x_1",
    "build": 'make \'a b\' DESTDIR=/out "$X" && touch "$(y)" # c',
    "test": "make check | tee",
    "install": "npm ci",
    "lock": ("package.json", "package-lock.json"),
}


def own(name: str) -> dict[str, object]:
    """Return those of OWN that a pattern takes."""
    others = {"test": "tested-app", "install": "deps-first", "lock": "deps-first"}
    refused = {option for option, of in others.items() if of != name}
    refused |= {"tools"} if name == "inner-base" else set()
    return {option: value for option, value in OWN.items() if option not in refused}


def text(name: str, /, **options: object) -> str:
    plan = plan_pattern(name, **{"base": "alpine:3.20", **options})  # type: ignore[arg-type]
    return render(plan.template, plan.values())


def graph(text: str, name: str) -> StageGraph:
    dockerfile = parse(text, file=f"{name}.Dockerfile")
    validate(dockerfile)
    return stage_graph(dockerfile)


def emit(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["pattern", *arguments], prog_name="emit")


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("filled", ["as it is", "own"])
def test_each_is_short_commented_and_all_of_it_is_needed(name: str, filled: str) -> None:
    options = own(name) if filled == "own" else {}
    written = text(name, **options)
    lines = written.splitlines()
    assert lines[0].startswith(f"# {name}: ")
    assert len(lines) < 35
    assert max(len(line) for line in lines if "sha256" not in line) <= 100
    assert not [line for line in lines if line != line.rstrip()]
    assert "\n\n\n" not in written
    stages = graph(written, name)
    assert stages.needed(stages.stages[-1]) == {*range(len(stages.stages))}
    assert ("stand-in" in written) is not bool(options)
    assert {stage.name for stage in stages.stages[:-1]} <= STAGES


@pytest.mark.parametrize("filled", ["as it is", "own"])
def test_hadolint_has_nothing_to_say(filled: str, tmp_path: Path) -> None:
    program = find("hadolint")
    assert program
    for name in PATTERNS:
        (tmp_path / name).write_text(text(name, **(own(name) if filled == "own" else {})))
    ignored = ["--ignore", "DL4006", "--ignore", "SC2046"]  # of what OWN runs
    done = subprocess.run(
        [program, "--no-color", *ignored, *sorted(tmp_path.iterdir())],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_own_commands_stand_in_their_run() -> None:
    assert f"\nRUN {OWN['build']}\n" in text("builder-app", **own("builder-app"))
    assert f"\nRUN {OWN['test']}\n" in text("tested-app", **own("tested-app"))
    first = text("deps-first", **own("deps-first"))
    assert "\nCOPY package.json package-lock.json ./\nRUN npm ci\n" in first
    assert 'CMD ["/usr/local/bin/my-app.x_1"]\n' in first


def test_scratch_may_be_what_runs() -> None:
    assert "FROM scratch AS app\n" in text("builder-app", base="scratch", tools="alpine:3.20")


def test_an_untested_app_cannot_be_built() -> None:
    stages = graph(text("tested-app"), "x").stages
    assert {use.stage for use in stages[-1].uses} == {None, 1}
    assert stages[1].name == "test"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base": "a b"}, "--base 'a b' is no image"),
        ({"tools": "A"}, "--tools 'A' is no image"),
        ({"base": "scratch"}, "--tools: no command runs in scratch; give an image that builds"),
        ({"name": "../x"}, "--name '../x' names a stage"),
        ({"build": "a\nRUN b"}, "--build 'a\\nRUN b' is not one line of shell"),
        ({"build": "a \\"}, "is not one line of shell"),
        ({"name": "builder"}, "--name 'builder' is what the patterns call another stage"),
        ({"test": "x"}, "--test is for tested-app: nothing of builder-app takes it"),
        ({"install": "x"}, "--install is for deps-first"),
        ({"lock": ("x",)}, "--lock is for deps-first"),
    ],
)
def test_what_would_not_be_one_instruction_is_usage(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        text("builder-app", **options)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("tested-app", {"test": "--mount=x y"}, "is not one line of shell"),
        ("deps-first", {"install": "<<E"}, "is not one line of shell"),
        ("deps-first", {"lock": ("a b",)}, "--lock names one file each"),
        ("deps-first", {"lock": ("--from=x",)}, "--lock names one file each"),
        ("inner-base", {"tools": "x"}, "--tools: all of inner-base is made from one image"),
    ],
)
def test_nor_would_this(name: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        text(name, **options)


def test_the_command_lists_writes_checks_and_guesses(tmp_path: Path) -> None:
    assert len(emit("--list").stdout.splitlines()) == len(PATTERNS)
    assert json.loads(emit("--list", "--json").stdout) == PATTERNS
    assert json.loads(emit("builder-app", "--plan").stdout)["name"] == "app"
    file = str(tmp_path / "Dockerfile")
    assert emit("split-step", "-o", file).output == ""
    assert emit("split-step", "-o", file, "--check").exit_code == 0
    assert emit("split-step", "-o", file, "--check", "--name", "x").exit_code == 1
    wrong = emit("teste-app")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean tested-app? there are builder-app" in wrong.stderr
    assert emit().exit_code == 2


def test_the_shell_completes_names() -> None:
    env = {"_EMIT_COMPLETE": "bash_complete", "COMP_WORDS": "emit pattern a", "COMP_CWORD": "2"}
    assert CliRunner().invoke(cli, prog_name="emit", env=env).stdout == "plain,alias-image\n"


@pytest.mark.parametrize("name", PATTERNS)
def test_the_pictures_of_the_page_are_those_of_the_patterns(
    name: str, request: pytest.FixtureRequest
) -> None:
    file = ROOT / "docs" / "patterns" / f"{name}.svg"
    picture = as_svg(plan_graph(graph(text(name), name)))
    if request.config.getoption("--update-goldens"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(picture)
    assert file.read_text() == picture
    assert f"patterns/{name}.svg" in PAGE


@pytest.mark.parametrize("name", PATTERNS)
def test_the_page_shows_them_as_they_are(name: str) -> None:
    body = text(name).split("\n\n", 1)[1]
    assert f"```dockerfile\n{body}```" in PAGE


def test_the_commands_of_the_page_do_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    block = PAGE.split("```sh\n")[1].partition("```")[0]
    for line in block.splitlines():
        done = emit(*shlex.split(line, comments=True)[2:])
        assert (done.exit_code, done.stderr) == (0, ""), line
    assert (tmp_path / "Dockerfile").read_text() == text("builder-app")
