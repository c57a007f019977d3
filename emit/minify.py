"""A script made short for pasting: no comments, no indentation, short names."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count, product
from string import ascii_letters

from emit.external import shfmt
from emit.names import FIXED, Names, collect
from emit.shell_ast import Node, parse
from emit.squeeze import Edit, squeeze

#: Kept, so that the end of the script is the one that a truncated copy lacks.
_ENTRY = "main"
_RESERVED = frozenset({"do", "fi", "if", "in"})


def minify(script: str, title: str) -> str:
    """Return the script in its short form, with TITLE as its only comment.

    Names that others see stay: those of the environment, of exported variables, and of
    whatever the script does not assign itself. Raises ToolError where shfmt is missing.
    """
    inner = _edited(script.encode(), _inner_scripts(parse(script))).decode()
    shebang, _, body = _short(inner).partition("\n")
    return f"{shebang}\n# {title}\n{body}"


def _short(script: str, kept: Iterable[str] = ()) -> str:
    text = shfmt(["-mn"], script).encode()
    tree = parse(text.decode())
    names = collect(tree)
    names.exported.update(kept)
    edits = [*_renames(names), *squeeze(text, tree, splits_digits="IFS" in names.assigned)]
    return _edited(text, edits).decode()


def _inner_scripts(script: Node) -> Iterator[Edit]:
    """Shorten what stands in NAME='...' and is run by `sh -c "$NAME"`.

    It is a script of its own: its names are not those around it, save what is exported to it.
    """
    kept = collect(script).exported
    run = {name for node in script.walk() if node.kind == "CallExpr" for name in _runs(node)}
    for assign in script.walk():
        name, value = assign.one("Name"), assign.one("Value")
        if assign.kind == "Assigns" and name and value and name.value in run:
            for part in value.all("Parts"):
                if part.kind == "SglQuoted":
                    yield part.start + 1, part.end - 1, _short(part.value, kept).strip("\n")


def _runs(call: Node) -> Iterator[str]:
    """Yield the NAME of `sh -c "$NAME"`, at whichever place in a command."""
    words = call.all("Args")
    for shell, option, code in zip(words, words[1:], words[2:], strict=False):
        values = [literal.value for word in (shell, option) if (literal := word.literal())]
        if values == ["sh", "-c"]:
            yield from (node.value for node in code.walk() if node.kind == "Param")


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


def _edited(text: bytes, edits: Iterable[Edit]) -> bytes:
    """Apply edits, none of which overlap, from the last to the first."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new.encode() + text[end:]
    return text
