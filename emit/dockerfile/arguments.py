"""The arguments of one instruction, read as BuildKit reads them: flags, words, JSON.

Sources of the rules: frontend/dockerfile/parser/split_command.go and line_parsers.go. Errors
are ValueErrors without a place.
"""

import json
import math
import re
from dataclasses import dataclass, field

from emit.dockerfile.model import Flag, Pair
from emit.dockerfile.text import SPACE, decode, encode, valid

#: What separates words: less than what is trimmed.
BLANKS = re.compile("[\t\v\f\r ]+")

_SPACES = re.compile(f"[{SPACE}]*")
_TYPE = re.compile(f"([^{SPACE}]+)[{SPACE}]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What follows keyword and flags: see `model.Instruction`; offsets count in the text read."""

    args: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    exec_form: bool = False
    pairs: tuple[Pair, ...] = ()
    legacy: bool = False


def read_flags(text: str, offset: int, escape: str) -> tuple[tuple[Flag, ...], int]:
    """Return the flags at the start of a text, and where in it they end.

    `offset` is that of the text in the logical line. BuildKit goes byte by byte here: what
    is not ASCII comes out as one character a byte, and bytes 85 and A0 are blanks.
    """
    if not text.lstrip(SPACE).startswith("--"):
        return (), 0
    scan = _Flags(encode(text).decode("latin-1"), escape)
    end = scan.run()
    flags = []
    for word, first, last in scan.words:
        name, equals, value = word.removeprefix("--").partition("=")
        start, stop = (offset + _characters(text, place) for place in (first, last))
        flags.append(Flag(name=name, value=value if equals else None, start=start, end=stop))
    return tuple(flags), _characters(text, end)


def _characters(text: str, count: int) -> int:
    """Return how many characters the first `count` bytes are."""
    return count if text.isascii() else len(decode(encode(text)[:count]))


@dataclass(slots=True)
class _Flags:
    """Words that begin with --, quotes removed; `--` alone ends them."""

    text: str
    escape: str
    at: int = 0
    words: list[tuple[str, int, int]] = field(default_factory=list)

    def run(self) -> int:
        while True:
            self.at = _SPACES.match(self.text, self.at).end()  # type: ignore[union-attr]
            if not self.text.startswith("--", self.at):
                return self.at
            start = self.at
            word, quoted = self._word()
            if word == "--":
                return self.at
            if word or quoted:
                self.words.append((word, start, self.at))

    def _word(self) -> tuple[str, bool]:
        word, quote, quoted = [], "", False
        while self.at < len(self.text):
            char = self.text[self.at]
            if not quote and char in SPACE:
                break
            self.at += 1
            if quote and char == quote:
                quote = ""
            elif not quote and char in "'\"":
                quote, quoted = char, True
            elif char == self.escape:
                word.append(self.text[self.at : self.at + 1])
                self.at += 1
            else:
                word.append(char)
        self.at = min(self.at, len(self.text))
        return "".join(word), quoted


def read_words(text: str, offset: int, escape: str) -> list[tuple[str, int, int]]:
    """Return the words of ENV, LABEL and ARG: quotes and escapes stay, and hold blanks."""
    words = []
    for found in _word_pattern(escape).finditer(text):
        word = valid(found[0])
        if word.endswith(escape) and found.end() == len(text):
            word = _without_lone_escape(found[0], escape)
        if word:
            words.append((word, offset + found.start(), offset + found.end()))
    return words


def _word_pattern(escape: str) -> re.Pattern[str]:
    token = re.escape(escape)
    blank = re.escape(SPACE)
    double = rf'"(?:{token}[\s\S]|[^"{token}])*(?:"|{token}?\Z)'
    return re.compile(rf"(?:{token}[\s\S]|{double}|'[^']*(?:'|\Z)|[^{blank}{token}'\"]|{token}\Z)+")


def _without_lone_escape(word: str, escape: str) -> str:
    """Drop an escape that ends the text with nothing to escape."""
    quote, at = "", 0
    while at < len(word):
        char = word[at]
        if char == escape and quote != "'":
            if at == len(word) - 1:
                return valid(word[:-1])
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        at += 1
    return valid(word)


def pairs(text: str, offset: int, escape: str, keyword: str) -> Arguments:
    """Read ENV and LABEL: `name=value ...`, or `name the rest` as before Docker 1.4."""
    words = read_words(text, offset, escape)
    if not words:
        return Arguments()
    if "=" not in words[0][0]:
        return _legacy(text, offset, keyword)
    found = []
    for word, start, end in words:
        if "=" not in word:
            raise ValueError(
                f"{keyword} has {word!r} where name=value should stand; quote a value with blanks"
            )
        key, _, value = word.partition("=")
        found.append(Pair(key=key, value=value, start=start, end=end))
    return Arguments(pairs=tuple(found))


def _legacy(text: str, offset: int, keyword: str) -> Arguments:
    parts = BLANKS.split(text, maxsplit=1)
    if len(parts) < 2:  # noqa: PLR2004 - a name and its value
        raise ValueError(f"{keyword} must have two arguments; write {keyword} {text}=value")
    pair = Pair(key=valid(parts[0]), value=valid(parts[1]), start=offset, end=offset + len(text))
    return Arguments(pairs=(pair,), legacy=True)


def names(text: str, offset: int, escape: str) -> Arguments:
    """Read ARG: `name` or `name=value`, several of them."""
    found = []
    for word, start, end in read_words(text, offset, escape):
        key, equals, value = word.partition("=")
        found.append(Pair(key=key, value=value if equals else None, start=start, end=end))
    return Arguments(pairs=tuple(found))


def listed(text: str, offset: int) -> Arguments:
    """Read words between blanks."""
    if not text:
        return Arguments()
    spans, at = [], 0
    for blank in BLANKS.finditer(text):
        spans.append((at, blank.start()))
        at = blank.end()
    spans.append((at, len(text)))
    return Arguments(
        args=tuple(valid(text[start:end]) for start, end in spans),
        spans=tuple((offset + start, offset + end) for start, end in spans),
    )


def whole(text: str, offset: int) -> Arguments:
    """Read one argument, blanks and all."""
    if not text:
        return Arguments()
    return Arguments(args=(text,), spans=((offset, offset + len(text)),))


def maybe_json(text: str, offset: int) -> Arguments:
    """Read an exec form where it is one, else the text as it stands."""
    array = json_array(text)
    return whole(text, offset) if array is None else Arguments(args=array, exec_form=True)


def maybe_json_list(text: str, offset: int) -> Arguments:
    """Read a JSON list where it is one, else words."""
    array = json_array(text)
    return listed(text, offset) if array is None else Arguments(args=array, exec_form=True)


def health(text: str, offset: int) -> Arguments:
    """Read HEALTHCHECK: a type, and a command in either form; BuildKit goes byte by byte."""
    data = encode(text)
    found = _TYPE.match(data.decode("latin-1"))
    if found is None:
        return Arguments()
    kind = decode(data[: found.end(1)])
    rest = maybe_json(decode(data[found.end() :]), offset + _characters(text, found.end()))
    return Arguments(
        args=(valid(kind), *map(valid, rest.args)),
        spans=() if rest.exec_form else ((offset, offset + len(kind)), *rest.spans),
        exec_form=rest.exec_form,
    )


def json_array(text: str) -> tuple[str, ...] | None:
    """Return the strings of a JSON array, None where the text is not one.

    Raises ValueError for JSON that holds anything but strings.
    """
    if not text.startswith("["):
        return None
    try:
        array = json.loads(text, parse_constant=_number, parse_float=_number, parse_int=_number)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(item, str) for item in array):
        raise ValueError(
            "a JSON array must hold nothing but strings here; quote each item, "
            "or write a command without brackets"
        )
    return tuple(valid(item) for item in array)


def _number(text: str) -> float:
    """Read a number as Go does: what does not fit is not JSON."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
