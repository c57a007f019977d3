import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emit.errors import TemplateError
from emit.render import render

Renderer = Callable[..., str]

HOSTILE = [
    "",
    "plain",
    "it's",
    '"',
    "$(touch pwned)",
    "`touch pwned`",
    "${HOME}",
    "a; touch pwned",
    "a\nb",
    "a\n\n",
    "\t\r\x1b\x7f",
    "-n",
    "\\",
    "{{ 1 }}",
    "é\u2028",
    "'\"'\"'",
]


@pytest.fixture
def rendered(own_templates: Path) -> Renderer:
    """Render a text as if it were the template `x.sh.j2`."""

    def render_text(text: str, **values: object) -> str:
        (own_templates / "x.sh.j2").write_text(text, encoding="utf-8")
        return render("x.sh.j2", values)

    return render_text


def printed(word: str) -> str:
    """Return what sh takes a quoted word for."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"printf %s {word}"], capture_output=True, check=True, cwd="/"
    )
    return done.stdout.decode()


def test_plain_text_passes_unchanged(rendered: Renderer) -> None:
    text = '#!/bin/sh\n# ${#var} and {# \n\n\techo  "$1"\n'
    assert rendered(text) == text


@pytest.mark.parametrize("value", HOSTILE)
def test_a_quoted_value_reaches_the_shell_as_it_is(rendered: Renderer, value: str) -> None:
    assert printed(rendered("{{ value | sh }}", value=value)) == value


@settings(max_examples=50, deadline=None)
@given(value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_can_be_quoted(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("templates")
        patch.setattr("emit.templates.folder", lambda: folder)
        (folder / "x.j2").write_text("{{ value | sh }}", encoding="utf-8")
        assert printed(render("x.j2", {"value": value})) == value


def test_ints_pass(rendered: Renderer) -> None:
    assert rendered("{{ n }} {{ n + 1 }} {{ n | sh }} {{ n | comment }}", n=-1) == "-1 0 -1 -1"


@pytest.mark.parametrize(
    "expression",
    [
        "{{ value }}",
        "{{ 'constant' }}",
        "{{ (value | sh) ~ value }}",
        "{{ value | sh | upper }}",
        "{{ [value] | join }}",
        "{{ value | length > 1 }}",
        "{{ 1.5 }}",
        "{{ none }}",
        "{{ [1] }}",
    ],
)
def test_what_is_not_quoted_fails_and_names_the_template(
    rendered: Renderer, expression: str
) -> None:
    with pytest.raises(TemplateError, match=r"x\.sh\.j2"):
        rendered(expression, value="word")


def test_an_undefined_name_fails_and_is_named(rendered: Renderer) -> None:
    with pytest.raises(TemplateError, match=r"x\.sh\.j2.*'nobody' is undefined"):
        rendered("{{ nobody }}")


def test_an_undefined_name_in_a_filter_fails(rendered: Renderer) -> None:
    with pytest.raises(TemplateError, match="nobody"):
        rendered("{{ nobody | sh }}")


def test_an_undefined_name_in_a_condition_fails(rendered: Renderer) -> None:
    with pytest.raises(TemplateError, match="nobody"):
        rendered("{% if nobody %}\nx\n{% endif %}\n")


@pytest.mark.parametrize("filter_", ["sh", "comment"])
@pytest.mark.parametrize("value", ["a\0b", "\udc80", True, None, ["a"]])
def test_what_no_script_can_hold_is_refused(
    rendered: Renderer, filter_: str, value: object
) -> None:
    with pytest.raises(TemplateError):
        rendered("{{ value | " + filter_ + " }}", value=value)


@pytest.mark.parametrize("value", ["a\nrm -rf /", "\r", "\x1b[2J", "\u2028", "\t"])
def test_nothing_breaks_out_of_a_comment(rendered: Renderer, value: str) -> None:
    with pytest.raises(TemplateError, match="comment"):
        rendered("# {{ value | comment }}\n", value=value)


def test_a_comment_is_not_quoted(rendered: Renderer) -> None:
    assert rendered("# {{ value | comment }}\n", value="it's $1") == "# it's $1\n"


def test_blocks_take_their_whole_line(rendered: Renderer) -> None:
    text = "a\n\t{% if yes %}\nb\n\t{% endif %}\n{## gone ##}\nc\n"
    assert rendered(text, yes=True) == "a\nb\nc\n"


def test_lib_is_passed_through(rendered: Renderer, own_templates: Path) -> None:
    (own_templates / "lib" / "f.sh").write_text("# shellcheck shell=sh\n\nf() {\n\t:\n}\n")
    assert rendered("{{ lib('f.sh') }}\n\nf\n") == "f() {\n\t:\n}\n\nf\n"


def test_a_missing_library_file_fails(rendered: Renderer) -> None:
    with pytest.raises(TemplateError, match=r"lib/f\.sh: No such file"):
        rendered("{{ lib('f.sh') }}")


def test_a_missing_template_fails(own_templates: Path) -> None:
    with pytest.raises(TemplateError, match=str(own_templates / "y.sh.j2")):
        render("y.sh.j2", {})


def test_a_broken_template_fails(rendered: Renderer) -> None:
    with pytest.raises(TemplateError, match=r"x\.sh\.j2: .*this is a bug in emit"):
        rendered("{% if %}")
