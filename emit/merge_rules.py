"""Why two neighbours of one keyword cannot become one instruction; None where they can.

docs/minify.md tells the rules as a user reads them. Two RUNs share a process once they are
one; what that changes is judged here: the directory, variables, options, where the
shell found a program, the shell itself.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from emit.dockerfile.lexer import Lexer, LexError
from emit.dockerfile.model import Instruction
from emit.dockerfile.references import mount_fields
from emit.shell_facts import Facts, facts

_SHELLS = {"sh": "posix", "ash": "posix", "dash": "posix", "bash": "bash"}
_OPTIONS = re.compile(r"-[A-Za-z]*c")
_REDIRECTIONS = re.compile(r"&&|[<>]&|&>")
_DEVICES = re.compile(r"/dev(?!\w|/(null|zero|full|u?random|tty|std(in|out|err)|fd|tcp|udp)\b)")
_REMOVAL = re.compile(r"(?<![\w.-])(rm|rmdir|mv)(?![\w.-])")

#: Programs that stay where they are while images are built, unless a word names them.
_STABLE = frozenset(
    {
        *("apk", "apt", "apt-cache", "apt-get", "apt-mark", "dnf", "dpkg", "microdnf", "rpm"),
        *("tdnf", "yum", "zypper", "addgroup", "adduser", "groupadd", "useradd"),
        *("cat", "chgrp", "chmod", "chown", "cp", "find", "grep", "gzip", "head", "install", "ln"),
        *("ls", "mkdir", "mktemp", "mv", "rm", "rmdir", "sed", "sleep", "sort", "tail", "tar"),
        *("touch", "tr", "uname"),
    }
)
_BRINGS_STABLE = frozenset({"busybox", "coreutils", "findutils", "util-linux", "shadow", "uutils"})
_BUILT_IN = frozenset(
    {
        *("[", "[[", ":", "break", "cd", "command", "continue", "echo", "exit", "export", "false"),
        *("printf", "pwd", "read", "return", "set", "test", "true", "type", "umask", "unset"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a RUN stands: the SHELL that runs it, and what of the state is known."""

    shell: tuple[str, ...] = ("/bin/sh", "-c")
    directory: str = "/"
    windows: bool = False
    reads_file: bool = False

    @property
    def dialect(self) -> str | None:
        """The dialect of the shell, None where it is no POSIX shell that gets `-c`."""
        name = _SHELLS.get(posixpath.basename(self.shell[0])) if self.shell else None
        last = self.shell[-1] if self.shell else ""
        return name if len(self.shell) > 1 and _OPTIONS.fullmatch(last) else None

    @property
    def errexit(self) -> bool:
        """Whether the shell runs with -e."""
        return any(
            re.fullmatch(r"-[A-Za-z]*e[A-Za-z]*", o) or o == "errexit" for o in self.shell[1:]
        )

    @property
    def login(self) -> bool:
        """Whether each shell reads files first, which a RUN may change."""
        options = self.shell[1:]
        return self.reads_file or any(
            re.fullmatch(r"-[A-Za-z]*[il][A-Za-z]*|--.*", o) for o in options
        )


def hard_reason(first: Instruction, second: Instruction, place: Place) -> str | None:
    """Return why two RUNs can share one in no way at all."""
    if place.windows or place.dialect is None:
        return "their shell is not a POSIX shell"
    for item in (first, second):
        found = _alone(item, place)
        if found:
            return f"line {item.line} {found}"
    if [str(flag) for flag in first.flags] != [str(flag) for flag in second.flags]:
        return "their flags differ, and would cover both"
    if _DEVICES.search(first.rest):
        return f"line {first.line} names /dev, which is made anew for each RUN"
    return _flags_reason(first) or _directory_reason(first, place)


def _alone(item: Instruction, place: Place) -> str | None:
    if item.exec_form or item.rest.startswith('["'):
        return "is in exec form, which no shell runs"
    if item.heredocs:
        return "has a here-document"
    known = facts(item.rest, place.dialect or "posix")
    if known is not None:
        return known.hard if item.rest else "is empty"
    if "&" in _REDIRECTIONS.sub("", item.rest) or "$$" in item.rest:
        return "cannot be read, and may leave a process in the background"
    return None


def _flags_reason(item: Instruction) -> str | None:
    for flag in item.flags:
        if flag.name != "mount":
            continue
        fields = mount_fields(flag.value or "")
        kind = fields.get("type", "bind").lower()
        writable = kind == "bind" and not {"rw", "readwrite"}.isdisjoint(fields)
        if kind not in {"bind", "cache", "secret", "ssh"} or writable:
            return f"what is written to their mount is gone after each ({flag})"
    return None


def _directory_reason(item: Instruction, place: Place) -> str | None:
    """Return whether a RUN may take away the directory that the next one starts in."""
    if place.directory == "/":
        return None
    said = f"line {item.line} may remove {place.directory}, where the next RUN starts"
    known = facts(item.rest, place.dialect or "posix")
    if known is None:
        return said if _REMOVAL.search(item.rest) else None
    unknown = "$" in place.directory
    for word in known.removed:
        if word is None or ".." in word.split("/") or (known.wanders and not word.startswith("/")):
            return said
        if word.startswith("/") and (unknown or _covers(word, place.directory)):
            return said
    return None


def _covers(word: str, directory: str) -> bool:
    """Tell whether removing a path, or what a pattern matches, may remove a directory."""
    plain = re.split(r"[*?\[]", word, maxsplit=1)[0]
    if plain != word:
        return directory.startswith(plain)
    path = posixpath.normpath(word)
    return directory == path or directory.startswith(path.rstrip("/") + "/")


def left_reason(item: Instruction, place: Place) -> str | None:
    """Return why nothing can come behind a RUN in the same shell."""
    known = facts(item.rest, place.dialect or "posix")
    if known is None:
        return f"line {item.line} cannot be read as {place.dialect} shell"
    if known.leaks:
        return f"line {item.line} {known.leaks}"
    if known.moves_shell:
        return f"line {item.line} may replace the shell itself"
    if place.login:
        return "each shell reads its start-up files again"
    if place.errexit and known.compound:
        return f"line {item.line} is compound, and && would switch off the -e of its shell"
    return None


def right_reason(item: Instruction, before: Sequence[Instruction], place: Place) -> str | None:
    """Return why a RUN cannot stand behind `&&` in the shell of those before it."""
    known = facts(item.rest, place.dialect or "posix")
    if known is None:
        return f"line {item.line} cannot be read as {place.dialect} shell"
    if known.broken_chain:
        return f"line {item.line} {known.broken_chain}"
    earlier = [found for one in before if (found := facts(one.rest, place.dialect or "posix"))]
    program = _moved_program(earlier, known)
    if program:
        return f"both run {program}, which the shell would look for only once"
    return None


def _moved_program(earlier: Sequence[Facts], known: Facts) -> str | None:
    """Return a program that may lie elsewhere when it is run again.

    A shell remembers where in PATH it found a program; a RUN of its own looks again.
    """
    words = {word.rsplit("/", 1)[-1] for found in earlier for word in found.words}
    ran = {name for found in earlier for name in found.commands} & known.commands - _BUILT_IN
    for program in sorted(ran):
        brought = program in words or not words.isdisjoint(_BRINGS_STABLE)
        if program not in _STABLE or brought:
            return program
    return None


def copy_reason(first: Instruction, second: Instruction) -> str | None:
    """Return why two COPYs cannot be one."""
    if [str(flag) for flag in first.flags] != [str(flag) for flag in second.flags]:
        return "their flags differ"
    for item in (first, second):
        if item.exec_form:
            return f"line {item.line} is a JSON array"
        if item.heredocs:
            return f"line {item.line} has a here-document"
    destination = first.args[-1]
    if destination != second.args[-1]:
        return "their destinations differ"
    if not (destination.endswith("/") or destination == "."):
        return f"{destination} is not said to be a directory; end it in /"
    return None


def pairs_reason(first: Instruction, second: Instruction, escape: str) -> str | None:
    """Return why two ENVs or two LABELs cannot be one."""
    for item in (first, second):
        if item.legacy:
            return f"line {item.line} is written as NAME VALUE"
    keys = {pair.key for pair in first.pairs}
    if any(not re.fullmatch(r"[\w.-]+", pair.key) for pair in (*first.pairs, *second.pairs)):
        return "a name is quoted or has a variable in it"
    if keys & {pair.key for pair in second.pairs}:
        return "they set the same name"
    try:
        found = Lexer(escape=escape).expand(second.rest, {})
    except LexError:
        return f"line {second.line} cannot be expanded"
    if first.keyword == "ENV" and keys & found.unmatched:
        return f"line {second.line} uses what line {first.line} sets"
    return None
