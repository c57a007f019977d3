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
_LISTS = ("&&", "||")
_NUMBERS = frozenset("#?$")
_SIGNALS = {"HUP": 1, "INT": 2, "TERM": 15}  # the numbers that POSIX fixes for trap


def squeeze(script: bytes, tree: Node) -> Iterator[Edit]:
    """Yield the edits that shorten a script outside of its names.

    They empty `x=''`, take the blanks out of arithmetic and those before a redirection, and
    the quotes off a word that is one number, unless the script changes IFS: it may split one.
    They make `[ -n word ]` the test of one word that POSIX has, signals numbers, `kill -s 0`
    the `kill -0` of XSI, and a case one line, and `[ -z word ]||` into `[ word ]&&`. `&&` and
    `||` group to the left, so the braces in `{ a && b; } || c` say nothing.
    """
    splits = any(_sets_ifs(node) for node in tree.walk())
    for node in tree.walk():
        for statement in node.all("Stmts")[:-1]:
            yield from _unless(script, statement)
        if node.kind == "Assigns":
            yield from _empty(node)
        elif node.kind == "ArithmExp":
            yield from _arithmetic(script, node)
        elif node.kind == "Redirs":
            yield from _redirection(script, node)
        elif node.kind == "DblQuoted" and not splits:
            yield from _number(node)
        elif node.kind == "CallExpr":
            yield from _call(node)
        elif node.kind == "CaseClause":
            yield from _case(script, node)
        elif node.kind == "BinaryCmd" and node.op in _LISTS:
            yield from _group(node.all("X")[0])


def _call(node: Node) -> Iterator[Edit]:
    words, texts = node.all("Args"), node.words()
    if texts[:2] == ["[", "-n"] and len(texts) == len(("[", "-n", "word", "]")):
        yield words[1].start, words[2].start, ""
    elif texts[:1] == ["trap"]:
        for word, text in zip(words, texts, strict=True):
            if text in _SIGNALS:
                yield word.start, word.end, str(_SIGNALS[text])
    elif texts[:3] == ["kill", "-s", "0"]:
        yield words[1].start, words[2].end, "-0"


def _unless(script: bytes, statement: Node) -> Iterator[Edit]:
    """`[ -z word ]||command` as `[ word ]&&command`, where nobody asks how it went."""
    choice = statement.one("Cmd")
    if choice is None or choice.kind != "BinaryCmd" or choice.op != "||":
        return
    test, other = choice.all("X")[0], choice.all("Y")[0]
    call = test.one("Cmd")
    texts = call.words() if call is not None else []
    if call is not None and texts[:2] == ["[", "-z"] and texts[3:] == ["]"]:
        words = call.all("Args")
        yield words[1].start, words[2].start, ""
        operator = script.index(b"||", test.end, other.start)
        yield operator, operator + len("||"), "&&"


def _group(left: Node) -> Iterator[Edit]:
    block = left.one("Cmd")
    if block is None or block.kind != "Block" or left.marks or left.end != block.end:
        return
    first, *rest = block.all("Stmts")
    inner = first.one("Cmd")
    if not (rest or first.marks) and inner is not None and inner.op in _LISTS:
        yield block.start, first.start, ""
        yield inner.end, block.end, ""


def _case(script: bytes, clause: Node) -> Iterator[Edit]:
    """Drop the line ends on both sides of each `;;`."""
    for item in clause.all("Items"):
        before = item.end - len("\n;;")
        if script[before : item.end + 1] == b"\n;;\n":
            yield before, before + 1, ""
        if script[item.end - 2 : item.end + 1] == b";;\n":
            yield item.end, item.end + 1, ""


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
