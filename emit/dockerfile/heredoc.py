"""Here-documents: which words of a line begin one (parser.go, heredocsFromLine)."""

import re
from dataclasses import dataclass

from emit.dockerfile.lexer import Lexer, LexError, TooDeepError
from emit.dockerfile.text import valid

_WORD = re.compile(r"(\d*)<<(-?)[\t\n\f\r ]*([^<]*)", re.ASCII)
_LINE = Lexer(raw_quotes=True, raw_escapes=True, keep_unset=True)
_PLAIN = Lexer(keep_unset=True)
_QUOTED = Lexer(raw_quotes=True, keep_unset=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`<<NAME` or `<<-NAME` (`chomp`); a quoted name switches `expand` off."""

    name: str
    descriptor: int
    expand: bool
    chomp: bool


def openings(line: str) -> list[Opening]:
    """Return the here-documents that a logical line begins, in order; raises LexError.

    The escape character is a backslash here whatever the directive says.
    """
    if "<<" not in line:
        return []
    try:
        words = _LINE.expand(valid(line), {}).words
    except TooDeepError:
        raise
    except LexError:
        return []
    return [found for word in words if (found := opening(word)) is not None]


def opening(word: str) -> Opening | None:
    """Return the here-document that a word begins, None where it begins none."""
    found = _WORD.fullmatch(word)
    if found is None or not found[3]:
        return None
    plain = _PLAIN.expand(found[3], {}).words
    if len(plain) != 1:
        return None
    quoted = _QUOTED.expand(found[3], {}).words
    return Opening(
        name=plain[0],
        descriptor=int(found[1][:9] or 0),
        expand=_quotes(plain[0]) == _quotes("".join(quoted)),
        chomp=bool(found[2]),
    )


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')
