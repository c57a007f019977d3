"""The syntax tree of a script as shfmt reads it, in a typed form.

Node and field names are those of https://pkg.go.dev/mvdan.cc/sh/v3/syntax.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emit.errors import ToolError
from emit.external import shfmt

_NOWHERE = -1  # the operator part of `${name:-word}` has no position


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node: `start` and `end` are offsets in bytes, `value` the text of a literal.

    `kind` is shfmt's Type, or, where shfmt leaves that out, the field the node stands in.
    `marks` are the names of what is true of it, such as Background.
    """

    kind: str
    start: int
    end: int
    value: str
    op: str
    fields: Mapping[str, tuple["Node", ...]]
    marks: frozenset[str] = frozenset()

    def all(self, field: str) -> tuple["Node", ...]:
        """Return the nodes of a field, none where it is empty."""
        return self.fields.get(field, ())

    def one(self, field: str) -> "Node | None":
        """Return the node of a field, None where it is empty."""
        return next(iter(self.all(field)), None)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, in no promised order."""
        yield self
        for nodes in self.fields.values():
            for node in nodes:
                yield from node.walk()

    def words(self) -> list[str]:
        """Return the words of a command, empty for each that is not one unquoted literal."""
        literals = (word.literal() for word in self.all("Args"))
        return [literal.value if literal is not None else "" for literal in literals]

    def literal(self) -> "Node | None":
        """Return the one unquoted literal that a Word is made of, None for any other."""
        parts = self.all("Parts")
        return parts[0] if len(parts) == 1 and parts[0].kind == "Lit" else None


def parse(script: str, *, dialect: str = "posix") -> Node:
    """Return the tree of a script; raises ToolError where shfmt cannot read it."""
    printed = shfmt(["-ln", dialect, "--to-json"], script)
    try:
        return _node("File", json.loads(printed))
    except (AttributeError, KeyError, ValueError) as error:
        raise ToolError(f"cannot read the tree that shfmt printed: {error!r}") from error


def _node(role: str, tree: Mapping[str, Any]) -> Node:
    fields = {name: _children(name, item) for name, item in tree.items() if _is_child(item)}
    value, op = tree.get("Value"), tree.get("Op")
    return Node(
        kind=tree.get("Type", role),
        start=tree.get("Pos", {}).get("Offset", _NOWHERE),
        end=tree.get("End", {}).get("Offset", _NOWHERE),
        value=value if isinstance(value, str) else "",
        op=op if isinstance(op, str) else "",
        fields=fields,
        marks=frozenset(name for name, item in tree.items() if item is True),
    )


def _is_child(item: object) -> bool:
    """Tell a node or a list of nodes from a position and from a plain value."""
    return isinstance(item, list) or (isinstance(item, dict) and "Offset" not in item)


def _children(role: str, item: Any) -> tuple[Node, ...]:  # noqa: ANN401 - json has no narrower type
    items = item if isinstance(item, list) else [item]
    return tuple(_node(role, child) for child in items)
