from pathlib import Path

import pytest

from emit import templates
from emit.errors import TemplateError
from tests.variants import ROOT


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder in a checkout, both without templates."""
    folder = tmp_path / "checkout" / "emit"
    folder.mkdir(parents=True)
    monkeypatch.setattr(templates, "__file__", str(folder / "templates.py"))
    return folder


def test_a_checkout_has_its_templates_beside_the_package() -> None:
    assert templates.folder() == ROOT / "shell_templates"


def test_a_wheel_has_them_inside_and_those_come_first(package: Path) -> None:
    (package.parent / "shell_templates").mkdir()
    assert templates.folder() == package.parent / "shell_templates"
    (package / "shell_templates").mkdir()
    assert templates.folder() == package / "shell_templates"


def test_without_templates_the_error_says_where_and_what_to_do(package: Path) -> None:
    with pytest.raises(TemplateError, match=f"in or beside {package}; install emit-sh again"):
        templates.folder()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("f() {\n\t:\n}\n", "f() {\n\t:\n}"),
        ("# shellcheck shell=sh\n\n# Why.\nf() {\n\t:\n}\n\n", "# Why.\nf() {\n\t:\n}"),
        ("# shellcheck disable=SC2016\nf() {\n}\n", "# shellcheck disable=SC2016\nf() {\n}"),
    ],
)
def test_a_function_comes_with_its_comment_and_no_blank_lines(
    own_templates: Path, text: str, read: str
) -> None:
    (own_templates / "lib" / "f.sh").write_text(text)
    assert templates.read_lib("f.sh") == read
