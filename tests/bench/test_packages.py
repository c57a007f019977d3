from __future__ import annotations

from typing import TYPE_CHECKING

from integration import packages

if TYPE_CHECKING:
    from pathlib import Path


def test_what_an_earlier_run_unpacked_is_taken(tmp_path: Path) -> None:
    program = tmp_path / "usr/bin/no-such-program-of-emit"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n[ $1 = --version ]\n")
    program.chmod(0o755)
    found = packages.find(
        "no-package", str(program.relative_to(tmp_path)), tmp_path, version="--version"
    )
    assert found == program
