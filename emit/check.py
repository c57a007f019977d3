"""Script text -> findings: the house rules of emitted sh, `sh -n`, shellcheck when present."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from emit.errors import BugError
from emit.external import shellcheck, syntax_error

_COLUMNS = 80
_TAB = 4
_FUNCTION = re.compile(r"^([A-Za-z_]\w*)\(\) ?[({]", re.MULTILINE)
_SETTING = re.compile(r"^([A-Za-z_]\w*)=", re.MULTILINE)
_ARITHMETIC = re.compile(r"\$\(\((.*?)\)\)", re.DOTALL)
_WORD = r"""(?:'[^']*'|"'"|[^\s'"])+"""
_VALUE = re.compile(rf"\t*(\w+=)?{_WORD}")  # a word or a quoted text, on a line of its own
_DATA = re.compile(r"""\t*\w+=(?:'[^']*'|"'"|[^\s'"$`])+""")  # quoted text that is no code
_LAST = 'main "$@"'

#: A word in command position or anywhere else in code, and why it is not there.
_BANNED = {
    "eval": "runs data as code",
    "awk": "computes in 32 bits on every busybox",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule and the line it was found in, counted from 1; 0 is the whole script."""

    line: int
    message: str

    def __str__(self) -> str:
        """Read as `line 3: what is wrong`."""
        return f"line {self.line}: {self.message}" if self.line else self.message


def require(script: str, *, minified: bool = False) -> None:
    """Raise BugError when the script breaks a rule: then it must not be written."""
    findings = check(script, minified=minified)
    if findings:
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise BugError(
            f"the script breaks a rule of the house, {findings[0]}{more}; "
            "nothing was written, and this is a bug in emit: please report it"
        )


def check(script: str, *, minified: bool = False) -> list[Finding]:
    """Return what is wrong with an emitted script, by line; nothing where all is well.

    A minified script may be as wide and as unindented as it likes.
    """
    found = [
        *([] if minified else _layout(script)),
        *_edges(script),
        *_banned(script),
        *_functions(script),
        *_settings(script),
        *_programs(script),
    ]
    return sorted(found, key=lambda finding: finding.line or math.inf)


def _layout(script: str) -> Iterator[Finding]:
    """Tabs, 80 columns, no doubled blank line; a value, such as a URL, may be wider."""
    previous = "-"
    for number, line in enumerate(script.splitlines(), 1):
        if re.match(r"\t* ", line):
            yield Finding(line=number, message="is indented by a space")
        if len(line.expandtabs(_TAB)) > _COLUMNS and not _VALUE.fullmatch(line):
            yield Finding(line=number, message=f"is wider than {_COLUMNS} columns")
        if not line and not previous:
            yield Finding(line=number, message="is a second blank line")
        previous = line


def _edges(script: str) -> Iterator[Finding]:
    """No trailing blank, and an end that a truncated copy lacks."""
    for number, line in enumerate(script.splitlines(), 1):
        if line != line.rstrip():
            yield Finding(line=number, message="ends in a blank")
    if not script.endswith("\n"):
        yield Finding(line=0, message="the last line has no newline")
    elif script.splitlines()[-1] != _LAST:
        yield Finding(line=0, message=f"the last line is not {_LAST}")


def _banned(script: str) -> Iterator[Finding]:
    for number, line in enumerate(_code(script).splitlines(), 1):
        for word, reason in _BANNED.items():
            if not _DATA.fullmatch(line) and re.search(rf"(?<![\w.-]){word}(?![\w.-])", line):
                yield Finding(line=number, message=f"uses {word}, which {reason}")


def _functions(script: str) -> Iterator[Finding]:
    """Each function defined is called: its name stands elsewhere in code."""
    code = _code(script)
    for found in _FUNCTION.finditer(code):
        name = found[1]
        uses = re.findall(rf"(?<![\w$.{{-]){name}(?![\w=(.-])", code)
        if not uses:
            line = code.count("\n", 0, found.start()) + 1
            yield Finding(line=line, message=f"defines {name}, which nothing calls")


def _settings(script: str) -> Iterator[Finding]:
    """Each setting, an assignment above the first function, is read."""
    code = _code(script)
    first = _FUNCTION.search(code)
    arithmetic = " ".join(_ARITHMETIC.findall(code))
    for found in _SETTING.finditer(code, 0, first.start() if first else len(code)):
        name = found[1]
        if not re.search(rf"\$\{{?{name}\b", code) and not re.search(rf"\b{name}\b", arithmetic):
            line = code.count("\n", 0, found.start()) + 1
            yield Finding(line=line, message=f"sets {name}, which nothing reads")


def _programs(script: str) -> Iterator[Finding]:
    error = syntax_error(script)
    if error is not None:
        yield Finding(line=0, message=f"sh cannot read it: {error}")
        return
    for complaint in shellcheck(script):
        yield Finding(line=0, message=f"shellcheck: {complaint}")


def _code(script: str) -> str:
    """Return the script with its comment lines emptied, so that line numbers stay."""
    return re.sub(r"(?m)^\t* *#.*$", "", script)
