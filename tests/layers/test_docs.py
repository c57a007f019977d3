"""Every command of docs/layers.md is run as it stands there."""

import os
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from emit.cli import cli
from tests.layers.images import laid_out, oci, unpacked
from tests.layers.planted import planted
from tests.layers.test_command import PLANTED_DOCKERFILE
from tests.variants import ROOT

PAGE = (ROOT / "docs/layers.md").read_text(encoding="utf-8")
BLOCKS = [part.partition("```")[0] for part in PAGE.split("```sh\n")[1:]]
COMMANDS = [line.partition(" #")[0].strip() for block in BLOCKS for line in block.splitlines()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the page speaks of, and an engine that has the image."""
    folder = tmp_path_factory.mktemp("docs")
    made = planted()
    made.tag = "app:1"
    for name in ("app.tar", "main.tar"):
        (folder / name).write_bytes(laid_out(made, "docker25"))
    made.steps = made.steps[:1]
    (folder / "base.tar").write_bytes(laid_out(made, "docker25"))
    unpacked(oci(planted()), folder / "oci-folder")
    (folder / "Dockerfile").write_text(PLANTED_DOCKERFILE)
    (folder / "bin").mkdir()
    engine = folder / "bin/docker"
    script = "case $2 in inspect) ;; app:latest) cat app.tar ;; *) cat base.tar ;; esac"
    engine.write_text(f"#!/bin/sh\n{script}\n")
    engine.chmod(0o755)
    return folder


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) > 12
    assert all("emit layers " in command for command in COMMANDS)


def test_they_all_do_what_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the page's order: app.json is written before it is read."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", str(place / "bin"), prepend=os.pathsep)
    for command in COMMANDS:
        before, _, last = command.rpartition(" | ")
        stdin = (place / "app.tar").read_bytes() if before == "docker save app" else None
        done = CliRunner().invoke(cli, shlex.split(last)[1:], input=stdin)
        assert (done.exit_code, done.stderr) == (0, ""), command
    assert (place / "app.html").read_text().startswith("<!doctype html>")
