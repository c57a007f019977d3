"""A script made short for pasting: no comments, no indentation, short names."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count, product
from string import ascii_letters

from emit.collect import collect
from emit.external import shfmt
from emit.inner import inner_scripts
from emit.names import FIXED, Names
from emit.shell_ast import parse
from emit.squeeze import Edit, squeeze

#: Kept, so that the end of the script is the one that a truncated copy lacks.
_ENTRY = "main"
_RESERVED = frozenset({"do", "fi", "if", "in"})


def minify(script: str, title: str) -> str:
    """Return the script in its short form, with TITLE as its only comment.

    Names that others see stay: those of the environment, of variables exported to programs,
    and of whatever the script does not assign itself. Raises ToolError where shfmt is missing.
    """
    inner = (
        (text.start + 1, text.end - 1, _squeezed(text.value).strip("\n"))
        for text in inner_scripts(parse(script))
    )
    short = _squeezed(_edited(script, inner))
    shebang, _, body = _edited(short, _renames(collect(parse(short)))).partition("\n")
    return f"{shebang}\n# {title}\n{body}"


def _squeezed(script: str) -> str:
    """Drop what no shell needs: comments, blanks, quotes around a number."""
    short = shfmt(["-mn"], script)
    return _edited(short, squeeze(short.encode(), parse(short)))


def _renames(names: Names) -> Iterator[Edit]:
    """Give each name of the script's own a short one."""
    variables = names.own_variables()
    functions = names.own_functions()
    functions.pop(_ENTRY, None)
    taken = {*FIXED, *names.variables} - {*variables}
    called = {*_RESERVED, *names.words, *names.functions} - {*functions}
    yield from _shortened(variables, taken)
    yield from _shortened(functions, called)


def _shortened(places: Mapping[str, list[int]], taken: set[str]) -> Iterator[Edit]:
    """Give the most frequent name the shortest, of equals the one that stands first."""
    order = sorted(places, key=lambda name: (-len(places[name]), min(places[name])))
    fresh = (name for name in _short_names() if name not in taken)
    for old, new in zip(order, fresh, strict=False):
        for at in places[old]:
            yield at, at + len(old), new


def _short_names() -> Iterator[str]:
    """Yield a, b … Z, then aa, ab … without end."""
    for length in count(1):
        yield from map("".join, product(ascii_letters, repeat=length))


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits, none of which overlap, from the last to the first."""
    script = text.encode()
    for start, end, new in sorted(edits, reverse=True):
        script = script[:start] + new.encode() + script[end:]
    return script.decode()
