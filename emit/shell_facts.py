"""What the commands of one RUN do to the shell that runs them, and to what comes behind.

Anything that is not known to be harmless is told as if it were not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from emit.errors import ToolError
from emit.shell_ast import Node, parse

_OWN_SHELL = frozenset({"Subshell", "CmdSubst", "ProcSubst"})
_COMPOUND = frozenset({"Block", "CaseClause", "CmdSubst", "IfClause", "Subshell", "WhileClause"})
_IDENTITY = frozenset({"$", "PPID", "BASHPID", "SHLVL", "SECONDS", "OLDPWD", "_", "!"})
_COMMENTS = frozenset({"Comments", "Last", "CondLast", "ThenLast", "DoLast", "ElseLast"})
_COMPARING = frozenset({"==", "!=", "<=", ">="})
_PATTERN = frozenset("*?[{~")
_REMOVING = frozenset({"rm", "rmdir", "mv"})
_CLEANING = frozenset({"clean", "autoremove", "autoclean", "del", "purge", "remove", "prune"})
_MOVES_SHELL = frozenset({"ln", "mv", "cp", "rm", "install"})
_SHELLS = ("sh", "bash", "dash", "ash")

#: Commands that change the shell they run in, and how.
_LEAKY = {
    **dict.fromkeys(("cd", "pushd", "popd"), "changes the directory"),
    **dict.fromkeys(("exit", "return", "exec"), "ends the shell"),
    **dict.fromkeys(("set", "shopt", "shift", "enable"), "sets options of the shell"),
    **dict.fromkeys(
        ("export", "unset", "readonly", "read", "getopts", "local", "declare", "typeset"),
        "sets a variable",
    ),
    **dict.fromkeys(("mapfile", "readarray", "let"), "sets a variable"),
    **dict.fromkeys(("umask", "ulimit"), "sets what new files or processes get"),
    **dict.fromkeys(("trap",), "sets a trap"),
    **dict.fromkeys(("alias", "unalias", "hash"), "changes what a word runs"),
    **dict.fromkeys(("eval", ".", "source"), "runs text that cannot be seen"),
    **dict.fromkeys(("command", "builtin"), "runs a command by another"),
    **dict.fromkeys(("wait", "jobs", "fg", "bg", "disown"), "waits for processes"),
}
_KINDS = {
    "FuncDecl": "defines a function",
    "ForClause": "sets a variable",
    "DeclClause": "sets a variable",
    "LetClause": "sets a variable",
    "ArithmCmd": "sets a variable",
    "CoprocClause": "starts a process in the background",
    "TestDecl": "is not plain sh",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What there is to know; None where nothing speaks against it.

    `leaks` is what it leaves in its shell, `broken_chain` why it cannot stand behind `&&`,
    `hard` why it cannot share a RUN at all. `commands` are the programs that are run by name,
    `words` all plain words, `removed` what rm, rmdir and mv are given (None: unknown).
    """

    leaks: str | None = None
    broken_chain: str | None = None
    hard: str | None = None
    compound: bool = False
    moves_shell: bool = False
    cleans: bool = False
    wanders: bool = False
    commands: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    removed: tuple[str | None, ...] = ()


@lru_cache(maxsize=1024)
def facts(script: str, dialect: str) -> Facts | None:
    """Return the facts of a script, None where shfmt cannot read it in that dialect."""
    try:
        tree = parse(script, dialect=dialect)
    except ToolError:
        return None
    calls = [list(map(_text, call.all("Args"))) for call in tree.walk() if call.kind == "CallExpr"]
    calls = [call for call in calls if call]
    names = [call[0] or "" for call in calls]
    return Facts(
        leaks=next(_leaks(tree), None),
        broken_chain=_broken_chain(tree),
        hard=next(_hard(tree), None),
        compound=any(node.kind in _COMPOUND for node in tree.walk()),
        moves_shell=any(map(_moves_shell, calls)),
        cleans=any(map(_cleans, calls)),
        wanders=any(name in {"cd", "pushd"} for name in names),
        commands=frozenset(name for name in names if name and "/" not in name),
        words=frozenset(word for call in calls for word in call[1:] if word),
        removed=tuple(
            word for call in calls if call[0] in _REMOVING for word in call[1:] if word != "--"
        ),
    )


def _leaks(node: Node) -> Iterator[str]:
    """Yield what this shell keeps of a command; a shell of its own keeps it for itself."""
    if node.kind in _OWN_SHELL:
        return
    if node.kind in _KINDS:
        yield _KINDS[node.kind]
    elif node.kind in _COMMENTS:
        yield "ends in a comment"
    elif node.kind == "CallExpr":
        yield from _call_leaks(node)
    elif _assigns(node):
        yield "sets a variable"
    for children in node.fields.values():
        for child in children:
            yield from _leaks(child)


def _assigns(node: Node) -> bool:
    """Tell `${x:=y}`, and an assignment within $(( ))."""
    if node.kind == "Exp":
        return node.op in {"=", ":="}
    if node.kind == "UnaryArithm":
        return node.op in {"++", "--"}
    return node.kind == "BinaryArithm" and node.op.endswith("=") and node.op not in _COMPARING


def _call_leaks(call: Node) -> Iterator[str]:
    words = [_text(word) for word in call.all("Args")]
    if not words or words[0] == ":":
        if call.all("Assigns"):
            yield "sets a variable"
        return
    name = words[0]
    if name is None or (name not in {"[", "[["} and not _PATTERN.isdisjoint(name)):
        yield "runs a command that only the shell can name"
    elif name == "printf" and "-v" in words:
        yield "sets a variable"
    elif name in _LEAKY and words[:2] not in (["command", "-v"], ["command", "-V"]):
        yield f"{_LEAKY[name]} ({name})"


def _text(word: Node) -> str | None:
    """Return what a word is, None where only the shell can tell."""
    text = ""
    for part in word.all("Parts"):
        inner = part.all("Parts") if part.kind == "DblQuoted" else (part,)
        for piece in inner:
            if piece.kind not in {"Lit", "SglQuoted"} or "\\" in piece.value:
                return None
            text += piece.value
    return text


def _broken_chain(tree: Node) -> str | None:
    """Return why a failure before `&& SCRIPT` would not skip all of it."""
    statements = tree.all("Stmts")
    if not statements:
        return "is empty"
    if len(statements) > 1:
        return "has more than one command (;)"
    todo = [statements[0].one("Cmd")]
    while todo:
        node = todo.pop()
        if node is None or node.kind != "BinaryCmd" or node.op not in {"&&", "||"}:
            continue
        if node.op == "||":
            return "has || at its top"
        todo += [side.one("Cmd") for side in (*node.all("X"), *node.all("Y"))]
    return None


def _hard(tree: Node) -> Iterator[str]:
    for node in tree.walk():
        if "Background" in node.marks or node.kind == "CoprocClause":
            yield "leaves a process in the background, which the end of its RUN ends"
        elif node.kind == "Param" and node.value in _IDENTITY:
            yield f"asks for ${node.value}, which is another in a shared RUN"


def _moves_shell(call: list[str | None]) -> bool:
    """Tell what may put another program in the place of /bin/sh."""
    name, *words = call
    if name in {"dpkg-reconfigure", "update-alternatives", "chsh"}:
        return True
    if any(word and "-binsh" in word for word in words):
        return True
    return name in _MOVES_SHELL and any(
        word is None or word.rsplit("/", 1)[-1] in _SHELLS for word in words
    )


def _cleans(call: list[str | None]) -> bool:
    """Tell a command that removes what an earlier one may have left."""
    return call[0] in {"rm", "rmdir"} or any(word in _CLEANING for word in call[1:3])
