"""Scripts within a script: what stands in NAME='...' and is run by `sh -c "$NAME"`."""

from collections.abc import Iterator

from emit.shell_ast import Node


def inner_scripts(script: Node) -> Iterator[Node]:
    """Yield the quoted text of each script within a script, by its place."""
    run = {name for node in script.walk() if node.kind == "CallExpr" for name in _runs(node)}
    for assign in script.walk():
        name, value = assign.one("Name"), assign.one("Value")
        if assign.kind == "Assigns" and name and value and name.value in run:
            yield from (part for part in value.all("Parts") if part.kind == "SglQuoted")


def _runs(call: Node) -> Iterator[str]:
    """Yield the NAME of `sh -c "$NAME"`, at whichever place in a command."""
    texts = call.words()
    for shell, option, code in zip(texts, texts[1:], call.all("Args")[2:], strict=False):
        if (shell, option) == ("sh", "-c"):
            yield from (node.value for node in code.walk() if node.kind == "Param")
