"""What the tests share: the update of goldens, and a template folder of their own."""

import os
from pathlib import Path

import pytest

from emit import templates


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens", action="store_true", help="rewrite tests/golden from what emit writes"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-goldens") and os.environ.get("CI"):
        raise pytest.UsageError("--update-goldens would make every golden test pass: not under CI")


@pytest.fixture
def own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty template folder that emit takes for its own."""
    folder = tmp_path / "shell_templates"
    (folder / "lib").mkdir(parents=True)
    monkeypatch.setattr(templates, "folder", lambda: folder)
    return folder
