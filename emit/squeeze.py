"""Bytes of a script that shfmt leaves and no shell needs."""

import re
from collections.abc import Iterator

from emit.shell_ast import Node

#: Start and end in bytes, and what is to stand there.
Edit = tuple[int, int, str]

# Operators, numbers and names: no blank in it separates two words, save one between signs.
# No $( inside either: what stands there is words, or arithmetic with edits of its own.
_PLAIN = re.compile(r"\$\(\((?:[\w\s()+\-*/%<>=!&|?:,^~]|\$(?!\())+", re.ASCII)
_SIGNS = re.compile(r"([+-])\s+\1")
_NUMBERS = frozenset("#?$")


def squeeze(script: bytes, tree: Node) -> Iterator[Edit]:
    """Yield the edits that shorten a script outside of its names.

    They empty `x=''`, take the blanks out of arithmetic and those before a redirection, and
    the quotes off a word that is one number, unless the script changes IFS: it may split one.
    """
    splits = any(_sets_ifs(node) for node in tree.walk())
    for node in tree.walk():
        if node.kind == "Assigns":
            yield from _empty(node)
        elif node.kind == "ArithmExp":
            yield from _arithmetic(script, node)
        elif node.kind == "Redirs":
            yield from _redirection(script, node)
        elif node.kind == "DblQuoted" and not splits:
            yield from _number(node)


def _sets_ifs(node: Node) -> bool:
    """Tell IFS=... on its own; before a command it is for that command."""
    names = (assign.one("Name") for assign in node.all("Assigns"))
    return not node.all("Args") and any(name and name.value == "IFS" for name in names)


def _empty(assign: Node) -> Iterator[Edit]:
    value = assign.one("Value")
    parts = value.all("Parts") if value is not None else ()
    if [part.kind for part in parts] in (["SglQuoted"], ["DblQuoted"]):
        quoted = parts[0]
        if quoted.end - quoted.start == len("''"):
            yield quoted.start, quoted.end, ""


def _arithmetic(script: bytes, node: Node) -> Iterator[Edit]:
    """Drop blanks, one edit each, so that the names between them stay where they are."""
    text = script[node.start : node.end].decode()
    if _PLAIN.fullmatch(text) and not _SIGNS.search(text):
        for blank in re.finditer(r"\s+", text):
            yield node.start + blank.start(), node.start + blank.end(), ""


def _redirection(script: bytes, node: Node) -> Iterator[Edit]:
    """`word >file`; a digit before the > would be read as a file descriptor."""
    before = script[: node.start]
    if script[node.start : node.start + 1] in b"<>" and re.search(rb"[^\s\d] \Z", before[-2:]):
        yield node.start - 1, node.start, ""


def _number(quoted: Node) -> Iterator[Edit]:
    parts = quoted.all("Parts")
    if len(parts) == 1 and (parts[0].kind == "ArithmExp" or _counts(parts[0])):
        yield quoted.start, quoted.start + 1, ""
        yield quoted.end - 1, quoted.end, ""


def _counts(part: Node) -> bool:
    """Tell $#, $? and $$, which are numbers and never empty."""
    name = part.one("Param")
    return name is not None and name.value in _NUMBERS and not part.one("Exp")
