"""The tree of a script -> its names."""

import re
from collections.abc import Iterator, Sequence

from emit.errors import ToolError
from emit.inner import inner_scripts
from emit.names import Names
from emit.shell_ast import Node, parse

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)

#: Commands whose arguments are names of variables: a value is given to them.
_ASSIGNING = frozenset({"read", "local", "readonly"})
_DEFAULTS = frozenset({"-", ":-"})


def collect(script: Node) -> Names:
    """Return the names in the tree of a script; raises ToolError where a trap is unreadable."""
    names = Names()
    _collect(names, script, 0)
    names.given.update(_settings(script))
    for text in inner_scripts(script):
        _add_inner(names, parse(text.value), text.start + 1)
    return names


def _add_inner(names: Names, tree: Node, base: int) -> None:
    """Take up the names of a script within: what it is given has one name in both."""
    assigned = {*names.assigned}
    before = {name: len(places) for name, places in names.variables.items()}
    _collect(names, tree, base)
    seen = {name for name, places in names.variables.items() if len(places) > before.get(name, 0)}
    names.shared |= seen
    names.given |= seen & names.exported - assigned


def _collect(names: Names, tree: Node, base: int) -> None:
    """Take up all names below a tree that begins BASE bytes into the script."""
    for node in tree.walk():
        for name, at in _mentions(names, node, base):
            names.variables.setdefault(name, []).append(base + at)


def _mentions(names: Names, node: Node, base: int) -> Iterator[tuple[str, int]]:
    """Yield the variables that this very node names, and note what it does to them."""
    if node.kind == "FuncDecl":
        _define(names, node, base)
    elif node.kind == "CallExpr":
        yield from _assignments(names, node)
        yield from _call(names, node, base)
    elif node.kind == "ParamExp":
        yield from _parameter(names, node)
    elif node.kind == "WordIter":
        yield from _loop(names, node)
    elif node.kind == "ArithmExp":
        yield from _arithmetic(node)
    elif node.kind in {"Lit", "SglQuoted"}:
        at = base + node.start + (node.kind == "SglQuoted")
        names.words.setdefault(node.value, []).append(at)


def _define(names: Names, node: Node, base: int) -> None:
    if name := node.one("Name"):
        names.defined.add(name.value)
        names.functions.setdefault(name.value, []).append(base + name.start)


def _settings(script: Node) -> Iterator[str]:
    """Yield what the caller's environment may set: NAME=${NAME:-value} outside of functions."""
    for statement in script.all("Stmts"):
        command = statement.one("Cmd")
        for assign in command.all("Assigns") if command is not None else ():
            if (name := assign.one("Name")) and _defaults_to_itself(assign, name.value):
                yield name.value


def _assignments(names: Names, call: Node) -> Iterator[tuple[str, int]]:
    """`NAME=value`; before a command it is that command's environment."""
    for assign in call.all("Assigns"):
        if name := assign.one("Name"):
            if call.all("Args"):
                names.exported.add(name.value)
            elif not _defaults_to_itself(assign, name.value):
                names.assigned.add(name.value)
            yield name.value, name.start


def _defaults_to_itself(assign: Node, name: str) -> bool:
    """Tell `NAME=${NAME:-value}`, which keeps a value that came from elsewhere."""
    return any(
        parameter.value == name and expansion.op in _DEFAULTS
        for node in assign.walk()
        if (parameter := node.one("Param")) and (expansion := node.one("Exp"))
    )


def _loop(names: Names, node: Node) -> Iterator[tuple[str, int]]:
    if name := node.one("Name"):
        names.assigned.add(name.value)
        yield name.value, name.start


def _parameter(names: Names, node: Node) -> Iterator[tuple[str, int]]:
    """`$name` and `${name}`; `${name:=value}` may come from the environment."""
    parameter, expansion = node.one("Param"), node.one("Exp")
    if parameter is None or not _NAME.fullmatch(parameter.value):
        return
    if expansion is not None and expansion.op in {"=", ":="}:
        names.given.add(parameter.value)
    yield parameter.value, parameter.start


def _arithmetic(node: Node) -> Iterator[tuple[str, int]]:
    """Names without a dollar inside $(( )); an inner $(( )) is walked on its own."""
    todo = [child for nodes in node.fields.values() for child in nodes]
    while todo:
        inner = todo.pop()
        literal = inner.literal()
        if literal is not None and _NAME.fullmatch(literal.value):
            yield literal.value, literal.start
        if inner.kind.endswith("Arithm"):
            todo += [child for nodes in inner.fields.values() for child in nodes]


def _call(names: Names, call: Node, base: int) -> Iterator[tuple[str, int]]:
    """Take a command apart: a function, names of variables as arguments, code in a trap."""
    words = call.all("Args")
    command = words[0].literal() if words else None
    if command is None:
        return
    names.functions.setdefault(command.value, []).append(base + command.start)
    if command.value == "trap":
        _trap(names, words[1:2], base)
    elif command.value in {*_ASSIGNING, "getopts", "unset", "export"}:
        yield from _named(names, command.value, words[1:])


def _named(names: Names, command: str, words: Sequence[Node]) -> Iterator[tuple[str, int]]:
    """Arguments that are names: `read -r NAME`, `local NAME=value`, `getopts OPTIONS NAME`."""
    for word in words[1:2] if command == "getopts" else words:
        first = next(iter(word.all("Parts")), None)
        found = _NAME.match(first.value) if first is not None and first.kind == "Lit" else None
        if first is None or found is None or first.value[found.end() :][:1] not in {"", "="}:
            continue
        if command == "export":
            names.exported.add(found[0])
        elif command != "unset":
            names.assigned.add(found[0])
        yield found[0], first.start


def _trap(names: Names, words: Sequence[Node], base: int) -> None:
    """Read the action of a trap as what it is, code of this script."""
    for word in words:
        for part in word.all("Parts"):
            quoted = part.kind == "SglQuoted"
            if part.all("Parts") or not (quoted or part.kind in {"Lit", "DblQuoted"}):
                raise ToolError("cannot minify a trap whose action is not in single quotes")
            _collect(names, parse(part.value), base + part.start + quoted)
