"""Words and variables as BuildKit's shell lexer sees them (frontend/dockerfile/shell/lex.go).

It expands `$x` and `${x}`, `${x:-y}` and its kin, `${x#y}`, `${x%y}`, `${x/y/z}`, and splits
a line into words. Quotes and escapes are those of a shell, as far as BuildKit goes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emit.dockerfile.glob import replace, trim_prefix, trim_suffix
from emit.dockerfile.text import BOM, SPACE

_LONG = 1 << 20  # characters that variables may become: doubled often enough, they fill memory
_DEEP = 100  # ${a:-${b:-...}} within one another
_SPECIAL = frozenset("@*#?-$!0")
_MISSING = "syntax error: missing '}'"


class LexError(ValueError):
    """The text cannot be expanded; the message says why, without a place."""


class TooDeepError(LexError):
    """Expansions within expansions beyond any use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What became of a text, and which variables it named."""

    result: str
    words: tuple[str, ...]
    matched: frozenset[str]
    unmatched: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexer:
    """How to read: `escape` escapes, quotes and escapes may be kept, unset names too."""

    escape: str = "\\"
    raw_quotes: bool = False
    raw_escapes: bool = False
    keep_unset: bool = False

    def expand(self, text: str, env: Mapping[str, str]) -> Expansion:
        """Return the text with its variables replaced; raises LexError."""
        run = _Run(self, text.removeprefix(BOM), env)
        result, words = run.until(None, raw=self.raw_escapes)
        return Expansion(
            result=result,
            words=tuple(words),
            matched=frozenset(run.matched),
            unmatched=frozenset(run.unmatched),
        )


@dataclass(slots=True)
class _Words:
    """Gathers words; the buffer is the run's one, which an inner expansion empties."""

    buffer: list[str]
    words: list[str] = field(default_factory=list)
    inside: bool = False

    def add(self, text: str) -> None:
        """Add text whose blanks separate words."""
        for char in text:
            if char not in SPACE:
                self.add_raw(char)
            elif self.inside and self.buffer:
                self.flush()

    def add_raw(self, text: str) -> None:
        """Add text whose blanks are part of the word."""
        if text:
            self.buffer.append(text)
        self.inside = True

    def flush(self) -> list[str]:
        if self.buffer:
            self.words.append("".join(self.buffer))
            self.buffer.clear()
            self.inside = False
        return self.words


class _Run:
    """One text on its way through the lexer."""

    def __init__(self, lexer: Lexer, text: str, env: Mapping[str, str]) -> None:
        self.lexer = lexer
        self.text = text
        self.env = env
        self.at = 0
        self.depth = 0
        self.size = 0
        self.raw = lexer.raw_escapes
        self.buffer: list[str] = []
        self.matched: set[str] = set()
        self.unmatched: set[str] = set()
        self.special: dict[str, Callable[[], str]] = {
            "$": self.dollar,
            "<": self.less,
            "'": self.single,
            '"': self.double,
        }

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def next(self) -> str:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        return char

    def until(self, stop: str | None, *, raw: bool) -> tuple[str, list[str]]:
        """Read up to the character `stop`, or to the end: the text, and it in words."""
        self.depth += 1
        if self.depth > _DEEP:
            raise TooDeepError(f"variables stand within one another more than {_DEEP} deep")
        before, self.raw = self.raw, raw
        try:
            return self._until(stop)
        finally:
            self.raw = before
            self.depth -= 1

    def _until(self, stop: str | None) -> tuple[str, list[str]]:
        self.buffer.clear()
        words = _Words(self.buffer)
        result: list[str] = []
        while char := self.peek():
            if char == stop:
                self.at += 1
                return "".join(result), words.flush()
            if char in self.special:
                part = self.special[char]()
                self._weigh(part)
                (words.add if char == "$" else words.add_raw)(part)
                result.append(part)
            elif char == self.lexer.escape:
                result.append(self._escaped(words))
            else:
                self.at += 1
                words.add(char)
                result.append(char)
        if stop is not None:
            raise LexError(f"unexpected end of statement while looking for matching {stop}")
        return "".join(result), words.flush()

    def _weigh(self, part: str) -> None:
        self.size += len(part)
        if self.size > _LONG:
            raise LexError(f"its variables become more than {_LONG} characters")

    def _escaped(self, words: _Words) -> str:
        kept = self.next() if self.raw else (self.next(), "")[1]
        if kept:
            words.add_raw(kept)
        char = self.next()
        if char:
            words.add_raw(char)
        return kept + char

    def single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            self.at = len(self.text)
            raise LexError("a single quote is not closed")
        inner, self.at = self.text[self.at + 1 : end], end + 1
        return f"'{inner}'" if self.lexer.raw_quotes else inner

    def double(self) -> str:
        quote = '"' if self.lexer.raw_quotes else ""
        self.at += 1
        result = [quote]
        while char := self.peek():
            if char == '"':
                self.at += 1
                return "".join([*result, quote])
            result.append(part := self.dollar() if char == "$" else self._quoted())
            self._weigh(part)
        raise LexError("a double quote is not closed")

    def _quoted(self) -> str:
        char = self.next()
        if char != self.lexer.escape:
            return char
        kept = char if self.raw else ""
        following = self.peek()
        if not following:
            return kept
        if following in {'"', "$", self.lexer.escape}:
            char = self.next()
        return kept + char

    def less(self) -> str:
        self.at += 1
        if self.peek() != "<":
            return "<"
        self.at += 1
        start = self.at
        while self.peek() and self.peek() in "\t\r ":
            self.at += 1
        return "<<" + self.text[start : self.at]

    def dollar(self) -> str:
        self.at += 1
        if self.peek() != "{":
            return self._plain()
        self.at += 1
        if not self.peek():
            raise LexError(_MISSING)
        if self.peek() in "{}:":
            raise LexError("syntax error: bad substitution")
        name, operator = self.name(), self.next()
        if operator == "}":
            value = self.get(name)
            unset = f"${{{name}}}" if self.lexer.keep_unset else ""
            return unset if value is None else value
        if operator == "/":
            return self._replaced(name)
        return self._modified(name, operator)

    def _plain(self) -> str:
        name = self.name()
        if not name:
            return "$"
        value = self.get(name)
        if value is None:
            return f"${name}" if self.lexer.keep_unset else ""
        return value

    def _modified(self, name: str, operator: str) -> str:
        colon = operator == ":"
        if colon:
            operator = self.next()
        written = ":" + operator if colon else operator
        if not operator or operator not in "-+?#%" or (colon and operator in "#%"):
            raise LexError(f"unsupported modifier ({written}) in substitution")
        word = self._part("}", _MISSING, raw=operator in "#%")
        value = self.get(name)
        if value is None and self.lexer.keep_unset:
            return f"${{{name}{written}{word}}}"
        missing = value is None or (colon and not value)
        if operator == "?" and missing:
            state = "unset" if value is None else "empty"
            raise LexError(f"{name}: {word or f'is not allowed to be {state}'}")
        return _chosen(operator, value or "", word, missing=missing)

    def _replaced(self, name: str) -> str:
        everywhere = self.peek() == "/"
        self.at += everywhere
        pattern = self._part("/", "syntax error: missing '/' in ${}", raw=True)
        new = self._part("}", _MISSING, raw=True)
        value = self.get(name)
        if value is None and self.lexer.keep_unset:
            return f"${{{name}/{pattern}/{new}}}"
        try:
            return replace(pattern, value or "", new, everywhere=everywhere)
        except ValueError as error:
            raise LexError(f"invalid pattern ({pattern}) in substitution: {error}") from error

    def _part(self, stop: str, missing: str, *, raw: bool) -> str:
        try:
            return self.until(stop, raw=raw)[0]
        except TooDeepError:
            raise
        except LexError as error:
            raise (error if self.peek() else LexError(missing)) from error

    def name(self) -> str:
        """Read a name, a special parameter or a number; nothing where there is none."""
        start = self.at
        first = self.peek()
        if first.isdecimal():
            while self.peek().isdecimal():
                self.at += 1
        elif first in _SPECIAL:
            self.at += 1
        else:
            while (char := self.peek()) and (char.isalpha() or char.isdecimal() or char == "_"):
                self.at += 1
        return self.text[start : self.at]

    def get(self, name: str) -> str | None:
        value = self.env.get(name)
        (self.unmatched if value is None else self.matched).add(name)
        return value


def _chosen(operator: str, value: str, word: str, *, missing: bool) -> str:
    if operator == "-":
        return word if missing else value
    if operator == "+":
        return "" if missing else word
    if operator == "?":
        return value
    longest = word.startswith(operator)
    trim = trim_prefix if operator == "#" else trim_suffix
    try:
        return trim(word[longest:], value, longest=longest)
    except ValueError as error:
        raise LexError(f"invalid pattern ({word}) in substitution: {error}") from error
