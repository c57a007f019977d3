"""Every command of docs/cache.md is run as it stands there, and its tables are those of bench/."""

import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from emit.cli import cli
from emit.dockerfile.load import load_graph
from emit.graph import plan_graph
from emit.picture import as_svg
from tests.variants import ROOT

PAGE = (ROOT / "docs/cache.md").read_text(encoding="utf-8")
BLOCKS = [part.partition("```")[0] for part in PAGE.split("```sh\n")[1:]]
LINES = [line.partition(" #")[0].strip() for block in BLOCKS for line in block.splitlines()]
COMMANDS = [line for line in LINES if "--measure" not in line]  # integration/ runs that


def run(command: str) -> str:
    done = CliRunner().invoke(cli, shlex.split(command)[1:], prog_name="emit")
    assert (done.exit_code, done.stderr) == (0, ""), command
    return done.stdout


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the project of the page."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "integration/cache", folder)
    (folder / ".github/workflows").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_its_commands_do_what_is_said(place: Path) -> None:
    assert len(COMMANDS) == len(LINES) - 1 == 9
    for command in COMMANDS:
        run(command)
    assert (place / "build.sh").stat().st_mode & 0o111


@pytest.mark.usefixtures("place")
def test_the_plan_that_it_shows_is_that_of_the_project() -> None:
    shown = PAGE.partition("$ emit cache -i ghcr.io/me/app --dry-run\n")[2].partition("```")[0]
    assert run("emit cache -i ghcr.io/me/app --dry-run") == shown


def test_its_picture_is_that_of_the_project() -> None:
    graph = load_graph(str(ROOT / "integration/cache/Dockerfile"))
    drawn = as_svg(plan_graph(graph)).replace(str(ROOT / "integration/cache") + "/", "")
    assert (ROOT / "docs/cache.svg").read_text() == drawn


def test_its_tables_are_those_that_were_measured() -> None:
    measured = (ROOT / "bench/cache.md").read_text().splitlines()
    rows = [line for line in measured if line.startswith("|")]
    assert len(rows) == 29
    assert not [row for row in rows if row not in PAGE]


def test_the_medians_of_the_readme_are_those_that_were_measured() -> None:
    rows = [row.split(" | ") for row in (ROOT / "bench/cache.md").read_text().splitlines()]
    median = {tuple(row[1:3]): row[4].split(" (")[0] for row in rows if row[0] == "| 10 s, 1 MiB"}
    for store, cache in (("overlay2", "inline"), ("containerd", "registry")):
        kept, none = median[store, cache], median[store, "none"]
        text = (ROOT / "README.md").read_text()
        assert f"{kept} s instead of {none} s ({store}" in text
