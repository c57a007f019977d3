from pathlib import Path

import pytest

from emit import external
from emit.errors import ToolError


def test_a_program_is_found_beside_python_before_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in ("venv", "path"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shfmt").touch(mode=0o755)
    monkeypatch.setattr("sys.executable", str(tmp_path / "venv" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    assert external.find("shfmt") == str(tmp_path / "venv" / "shfmt")
    (tmp_path / "venv" / "shfmt").unlink()
    assert external.find("shfmt") == str(tmp_path / "path" / "shfmt")
    (tmp_path / "path" / "shfmt").unlink()
    assert external.find("shfmt") is None


def test_what_shfmt_says_of_a_broken_script_is_passed_on() -> None:
    with pytest.raises(ToolError, match=r"shfmt failed: .*1:1: .*if"):
        external.shfmt(["-mn"], "if")


def test_sh_says_what_it_cannot_read() -> None:
    assert external.syntax_error(":\n") is None
    said = external.syntax_error("if\n")
    assert said is not None
    assert "syntax error" in said.lower()


def test_shellcheck_finds_errors_and_no_style() -> None:
    assert external.shellcheck("#!/bin/sh\nx=$1\necho $x\n") == []
    assert external.shellcheck("#!/bin/sh\n[ 1 -eq]\n") != []
