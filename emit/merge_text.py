"""Neighbours that are to be one instruction -> the lines of it.

Each keeps its lines. The first gets a continuation behind its last line, the others lose what
stands before their arguments; comments between them stay, blank lines would be warned of and go.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emit.dockerfile.edit import spans
from emit.dockerfile.model import Dockerfile, Instruction
from emit.dockerfile.text import is_blank, is_comment, line_end, trim_end

_INDENT = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Instructions that become one; the RUNs at the places in `wrapped` keep a shell each."""

    items: tuple[Instruction, ...]
    wrapped: frozenset[int] = frozenset()
    shell: tuple[str, ...] = ()


def merge(dockerfile: Dockerfile, groups: Sequence[Group]) -> str:
    """Return the text of a Dockerfile in which each group is one instruction."""
    lines, at = [], 1
    for group in groups:
        lines.append(dockerfile.between(at, group.items[0].line - 1))
        lines += _joined(dockerfile, group)
        at = group.items[-1].end + 1
    return "".join([*lines, dockerfile.between(at, len(dockerfile.lines))])


def expected(group: Group, dockerfile: Dockerfile) -> str:
    """Return what BuildKit must read behind keyword and flags of a merged group."""
    first, *others = group.items
    indent = _indent(dockerfile, group)
    if first.keyword == "RUN":
        texts = [_command(group, number) for number in range(len(group.items))]
        return f" {indent}&& ".join(texts)
    if first.keyword == "COPY":
        head = first.rest[: first.spans[-1][0] - first.start].rstrip()
        middle = [item.rest[: item.spans[-1][0] - item.start].rstrip() for item in others[:-1]]
        return f" {indent}".join([head, *middle, others[-1].rest])
    return f" {indent}".join(item.rest for item in group.items)


def _command(group: Group, number: int) -> str:
    text = group.items[number].rest
    if number not in group.wrapped:
        return text
    return f"{shlex.join(group.shell)} {_quoted(text)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _joined(dockerfile: Dockerfile, group: Group) -> Iterator[str]:
    indent = _indent(dockerfile, group)
    for number, item in enumerate(group.items):
        own = list(_own(dockerfile, group, number))
        if number:
            before = dockerfile.lines[group.items[number - 1].end : item.line - 1]
            yield from (line for line in before if is_comment(line))
            own = _without_head(item, own, indent + _link(item))
        if number < len(group.items) - 1:
            own[-1] = _continued(
                own[-1], dockerfile.escape, line_end(dockerfile.lines[item.line - 1])
            )
        yield from own


def _own(dockerfile: Dockerfile, group: Group, number: int) -> Iterator[str]:
    """Yield the lines of an instruction, wrapped, or without the destination if one follows."""
    item = group.items[number]
    lines = list(dockerfile.lines[item.line - 1 : item.end])
    if number in group.wrapped:
        start, end = item.start, item.start + len(item.rest)
        parts = list(spans(item, start, end))
        for line, first, last in reversed(parts):
            text = lines[line - item.line]
            new = text[first:last].replace("'", "'\\''")
            new = f"{new}'" if line == parts[-1][0] else new
            new = f"{shlex.join(group.shell)} '{new}" if line == parts[0][0] else new
            lines[line - item.line] = text[:first] + new + text[last:]
    elif item.keyword == "COPY" and number < len(group.items) - 1:
        for line, first, last in reversed(list(spans(item, *item.spans[-1]))):
            text = lines[line - item.line]
            lines[line - item.line] = text[:first] + text[last:]
        lines = _without_empty_tail(lines, dockerfile.escape)
    yield from lines


def _without_empty_tail(lines: list[str], escape: str) -> list[str]:
    """Drop last lines of which only blanks are left, and the escape that leads to them."""
    while len(lines) > 1 and (is_blank(lines[-1]) or is_comment(lines[-1])):
        lines.pop()
        body = trim_end(lines[-1]).rstrip(" \t")
        lines[-1] = body.removesuffix(escape) + (line_end(lines[-1]) or "\n")
    return lines


def _without_head(item: Instruction, own: list[str], indent: str) -> list[str]:
    """Return lines without keyword and flags; comments among them stay."""
    line, column, _ = next(spans(item, item.start, item.start + len(item.rest)))
    head = [text for text in own[: line - item.line] if is_comment(text)]
    body = own[line - item.line :]
    return [*head, indent + body[0][column:], *body[1:]]


def _link(item: Instruction) -> str:
    return "&& " if item.keyword == "RUN" else ""


def _continued(line: str, escape: str, end: str) -> str:
    return f"{trim_end(line).rstrip()} {escape}{end or chr(10)}"


def _indent(dockerfile: Dockerfile, group: Group) -> str:
    """Return the indentation that continued lines of a group have, or the usual one."""
    for piece in (piece for item in group.items for piece in item.pieces[1:]):
        blanks = re.match(r"[ \t]*", dockerfile.lines[piece.line - 1])
        if blanks and blanks[0]:
            return blanks[0]
    return _INDENT
