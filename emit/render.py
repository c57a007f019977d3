"""Plan values -> text. The only module that knows jinja2.

A template cannot forget to quote: whatever `{{ }}` prints must be an int, or come out of
the `sh`, `quoted`, `words` or `comment` filter (outside of sh `line`, `json`, `hcl` or `word`)
or of `lib()`. Anything else fails the render.
"""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jinja2
from jinja2.runtime import Context

from emit.errors import TemplateError
from emit.templates import read_lib, read_template


@dataclass(frozen=True, slots=True)
class _Safe:
    """Text that may stand in a script as it is. No str, so that `~` and `+` lose the mark."""

    text: str


def render(template: str, values: Mapping[str, object]) -> str:
    """Return the text of TEMPLATE, a path below the template folder.

    Raises TemplateError on an undefined name, on a value that is neither an int nor quoted,
    and on one that no script can hold.
    """
    try:
        return _environment().get_template(template).render(values)
    except jinja2.TemplateError as error:
        raise TemplateError(f"template {template}: {error}; this is a bug in emit") from error


def _environment() -> jinja2.Environment:
    # The default comment mark {# would end in `${#var}`.
    env = jinja2.Environment(
        loader=jinja2.FunctionLoader(read_template),
        comment_start_string="{##",
        comment_end_string="##}",
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    env.filters["sh"] = _sh
    env.filters["quoted"] = _quoted
    env.filters["words"] = _words
    env.filters["arguments"] = _arguments
    env.filters["comment"] = _comment
    env.filters["line"] = _line
    env.filters["json"] = _json
    env.filters["hcl"] = _hcl
    env.filters["word"] = _word
    env.globals["lib"] = _lib
    return env


@jinja2.pass_context
def _finalize(context: Context, value: object) -> str:
    """Let only quoted text and ints into a script; a bool is no number to a shell."""
    if isinstance(value, _Safe):
        return value.text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    _defined(value)
    raise TemplateError(
        f"template {context.name} prints {value!r}, which is neither an int nor quoted: "
        "put it through the filter `sh`; this is a bug in emit"
    )


def _sh(value: str | int) -> _Safe:
    """Quote a value as one word of sh."""
    return _Safe(shlex.quote(_text(value)))


def _quoted(value: str) -> _Safe:
    """Quote a value as one word of sh, and let the quotes be seen though it needs none."""
    return _Safe("'" + _text(value).replace("'", "'\"'\"'") + "'")


def _arguments(values: Sequence[str]) -> _Safe:
    """Quote several values, each as one word; "$@" stands for what the script has set."""
    if list(values) == ["$@"]:
        return _Safe('"$@"')
    return _Safe(" ".join(_quoted(value).text for value in values))


def plain_command(command: str) -> str:
    """Return a command as it is if it is plain words, else as `sh -c 'command'`."""
    if re.fullmatch(r"[\w@%+:,./-][\w@%+=:,./ -]*", command, re.ASCII):
        return command
    return f"sh -c {shlex.quote(command)}"


def _words(value: str) -> _Safe:
    """Pass a command, quoted as a whole where it is more than plain words."""
    return _Safe(plain_command(_text(value)))


def _comment(value: str | int) -> _Safe:
    """Pass a value into a comment line, which a control character could end."""
    text = _text(value)
    if not text.isprintable():
        raise TemplateError(f"{text!r} cannot stand in a comment: it is not printable")
    return _Safe(text)


def _line(value: str) -> _Safe:
    """Pass a part of a Dockerfile's line: the plan has parsed it, a line break cannot be in it."""
    return _comment(value)


def _json(value: str) -> _Safe:
    """Quote a value for YAML, which holds JSON (https://yaml.org/spec/1.2.2/, chapter 1.3)."""
    return _Safe(json.dumps(_text(value), ensure_ascii=False))


def _hcl(value: str | Sequence[str]) -> _Safe:
    """Quote a value, or a list of them, for HCL, which expands ${ and %{ in a string."""
    if not isinstance(value, str):
        return _Safe(f"[{', '.join(_hcl(each).text for each in value)}]")
    return _Safe(_json(value).text.replace("${", "$${").replace("%{", "%%{"))


def _word(value: str) -> _Safe:
    """Pass a word that means nothing to a shell, nor to YAML or HCL; it may be empty."""
    if not re.fullmatch(r"[\w.-]*", _text(value), re.ASCII):
        raise TemplateError(f"{value!r} is more than a word; this is a bug in emit")
    return _Safe(value)


def _text(value: str | int) -> str:
    """Return the value as text that a file can hold and a shell can read."""
    _defined(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateError(f"{value!r} is neither a str nor an int; this is a bug in emit")
    text = str(value)
    if "\0" in text:
        raise TemplateError(f"{text!r} holds a NUL, which no shell can pass on")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise TemplateError(f"{text!r} is not valid UTF-8")
    return text


def _defined(value: object) -> None:
    if isinstance(value, jinja2.Undefined):
        str(value)  # StrictUndefined raises, and names the variable


def _lib(path: str) -> _Safe:
    """Return the library function at PATH below lib/."""
    return _Safe(read_lib(path))
