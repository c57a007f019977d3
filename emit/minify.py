"""A script made short for pasting: no comments, no indentation, short names."""

from collections.abc import Iterator, Mapping
from itertools import count, product
from string import ascii_letters

from emit.external import shfmt
from emit.names import FIXED, Names, collect

#: Kept, so that the end of the script is the one that a truncated copy lacks.
_ENTRY = "main"
_RESERVED = frozenset({"do", "fi", "if", "in"})


def minify(script: str, title: str) -> str:
    """Return the script in its short form, with TITLE as its only comment.

    Names that others see stay: those of the environment, of exported variables, and of
    whatever the script does not assign itself. Raises ToolError where shfmt is missing.
    """
    short = shfmt(["-mn"], script)
    shebang, _, body = _renamed(short, collect(short)).partition("\n")
    return f"{shebang}\n# {title}\n{body}"


def _renamed(script: str, names: Names) -> str:
    """Give the most frequent name the shortest, of equals the one that stands first."""
    variables = names.own_variables()
    functions = names.own_functions()
    functions.pop(_ENTRY, None)
    taken = {*FIXED, *names.variables} - {*variables}
    called = {*_RESERVED, *names.words, *names.functions} - {*functions}
    return _replaced(script, {**_edits(variables, taken), **_edits(functions, called)})


def _edits(places: Mapping[str, list[int]], taken: set[str]) -> dict[int, tuple[str, str]]:
    """Map each offset to the name that stands there and the name that shall."""
    order = sorted(places, key=lambda name: (-len(places[name]), min(places[name])))
    fresh = (name for name in _short_names() if name not in taken)
    return {at: (old, new) for old, new in zip(order, fresh, strict=False) for at in places[old]}


def _short_names() -> Iterator[str]:
    """Yield a, b … Z, then aa, ab … without end."""
    for length in count(1):
        yield from map("".join, product(ascii_letters, repeat=length))


def _replaced(script: str, edits: Mapping[int, tuple[str, str]]) -> str:
    """Apply edits at offsets in bytes, from the last to the first."""
    text = script.encode()
    for at in sorted(edits, reverse=True):
        old, new = edits[at]
        text = text[:at] + new.encode() + text[at + len(old) :]
    return text.decode()
