"""Text -> Dockerfile, as BuildKit's parser reads it (frontend/dockerfile/parser/parser.go).

It refuses what that parser refuses, with a DockerfileError; `validate` refuses the rest of
what would not build.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from emit.dockerfile import arguments
from emit.dockerfile.arguments import Arguments
from emit.dockerfile.heredoc import Opening, openings
from emit.dockerfile.model import Directive, Dockerfile, Heredoc, Instruction, Piece
from emit.dockerfile.text import BOM, SPACE, encode, is_blank, is_comment, split_lines, trim_end
from emit.errors import DockerfileError

_LONGEST = 65535  # bytes of a line: Go's bufio.MaxScanTokenSize
_BLANKS = "\t\n\f\r "  # \s of a Go regular expression
_DIRECTIVE = re.compile(rf"#[{SPACE}]*([a-zA-Z][a-zA-Z0-9]*)[{_BLANKS}]*=(.+)")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_WITH_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})
_CONTINUED = {
    token: re.compile(rf"(?:(?<=[^{re.escape(token)}])|^){re.escape(token)}[ \t]*\Z")
    for token in "\\`"
}

#: How the arguments of an instruction are read; those of an unknown one are not.
_READ: dict[str, Callable[[str, int, str], Arguments]] = {
    **dict.fromkeys(("ADD", "COPY", "VOLUME"), lambda t, o, _: arguments.maybe_json_list(t, o)),
    **dict.fromkeys(
        ("CMD", "ENTRYPOINT", "RUN", "SHELL"), lambda t, o, _: arguments.maybe_json(t, o)
    ),
    **dict.fromkeys(("EXPOSE", "FROM"), lambda t, o, _: arguments.listed(t, o)),
    **dict.fromkeys(
        ("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), lambda t, o, _: arguments.whole(t, o)
    ),
    "ARG": arguments.names,
    "ENV": lambda t, o, e: arguments.pairs(t, o, e, "ENV"),
    "LABEL": lambda t, o, e: arguments.pairs(t, o, e, "LABEL"),
    "HEALTHCHECK": lambda t, o, _: arguments.health(t, o),
}

KEYWORDS = (*sorted(_READ), "ONBUILD")


def parse(text: str, *, file: str = "Dockerfile") -> Dockerfile:
    """Return the Dockerfile that a text is; `text.decode` makes text of bytes.

    Raises DockerfileError, which names the file and the line, for what BuildKit's parser
    would not take.
    """
    return _Parser(split_lines(text), file).run()


@dataclass(slots=True)
class _Parser:
    """Goes through the lines once; `at` is how many were read."""

    lines: list[str]
    file: str
    at: int = 0
    escape: str = "\\"
    zone: bool = True
    directives: list[Directive] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)

    def run(self) -> Dockerfile:
        while self.at < len(self.lines):
            line = self._next()
            stripped = line.lstrip(SPACE)
            self._directive(stripped)
            if stripped and not stripped.startswith("#"):
                self._instruction(stripped, len(line) - len(stripped))
        if not self.instructions:
            raise self._error("there is no instruction; begin with FROM image", max(self.at, 1))
        return Dockerfile(
            file=self.file,
            lines=tuple(self.lines),
            directives=tuple(self.directives),
            escape=self.escape,
            instructions=tuple(self.instructions),
            empty=tuple(self.empty),
        )

    def _next(self) -> str:
        """Return the next line, without its end and without a byte order mark."""
        line = self._raw()
        return trim_end(line.removeprefix(BOM) if self.at == 1 else line)

    def _raw(self) -> str:
        line = self.lines[self.at]
        self.at += 1
        body = line.removesuffix("\n")
        if len(body) * 4 > _LONGEST and len(encode(body)) > _LONGEST:
            raise self._error(f"the line has more than {_LONGEST} bytes; break it", self.at)
        return line

    def _directive(self, stripped: str) -> None:
        """Take a directive; anything else ends the zone where there may be some."""
        if not self.zone:
            return
        found = _DIRECTIVE.fullmatch(stripped)
        name = found[1].lower() if found else ""
        if found is None or name not in _DIRECTIVES:
            self.zone = False
            return
        if any(directive.name == name for directive in self.directives):
            raise self._error(f"a second {name} directive; remove one", self.at)
        value = found[2].strip(_BLANKS) or found[2][-1]
        if name == "escape":
            self._set_escape(value)
        self.directives.append(Directive(name=name, value=value, line=self.at))

    def _set_escape(self, token: str) -> None:
        if token not in _CONTINUED:
            raise self._error(f"the escape character is ` or \\, not {token!r}", self.at)
        self.escape = token

    def _instruction(self, line: str, column: int) -> None:
        first = self.at
        bom = first == 1 and self.lines[0].startswith(BOM)
        pieces = [Piece(offset=0, line=first, column=column + bom)]
        logical = self._logical(line, pieces)
        instruction = self._read(logical, tuple(pieces), first)
        named = instruction.trigger if instruction.keyword == "ONBUILD" else instruction
        if named is not None and named.keyword in _WITH_HEREDOCS and not named.exec_form:
            heredocs = tuple(
                self._heredoc(found, first) for found in self._openings(instruction, first)
            )
            if named is not instruction:
                named = replace(named, heredocs=heredocs, end=self.at)
                instruction = replace(instruction, trigger=named)
            instruction = replace(instruction, heredocs=heredocs, end=self.at)
        self.instructions.append(instruction)

    def _logical(self, line: str, pieces: list[Piece]) -> str:
        """Join a line with those that continue it."""
        line, more = self._continued(line)
        parts, length = [line], len(line)
        while more and self.at < len(self.lines):
            line = self._next()
            if is_comment(line):
                continue
            if is_blank(line):
                self.empty.append(self.at)
                continue
            line, more = self._continued(line)
            pieces.append(Piece(offset=length, line=self.at, column=0))
            parts.append(line)
            length += len(line)
        return "".join(parts)

    def _continued(self, line: str) -> tuple[str, bool]:
        found = _CONTINUED[self.escape].search(line)
        return (line, False) if found is None else (line[: found.start()], True)

    def _read(
        self, logical: str, pieces: tuple[Piece, ...], first: int, offset: int = 0
    ) -> Instruction:
        """Read a logical line, or what ONBUILD triggers at an offset in it."""
        outer, text = not offset, logical[offset:]
        offset += len(text) - len(text.lstrip(SPACE))
        text = text.strip(SPACE)
        written, *tail = arguments.BLANKS.split(text, maxsplit=1)
        keyword = written.upper() if written.isascii() else written
        offset += len(text) - len(tail[0]) if tail else len(text)
        flags, end = arguments.read_flags("".join(tail), offset, self.escape)
        rest = "".join(tail)[end:]
        offset += end + len(rest) - len(rest.lstrip(SPACE))
        rest = rest.strip(SPACE)
        try:
            how = _READ.get(keyword)
            read = how(rest, offset, self.escape) if how else Arguments()
        except ValueError as error:
            raise self._error(str(error), first) from error
        trigger = None
        if keyword == "ONBUILD" and rest and outer:
            trigger = self._read(logical, pieces, first, offset)
        return Instruction(
            keyword=keyword,
            written=written,
            flags=flags,
            rest=rest,
            start=offset,
            args=read.args,
            spans=read.spans,
            exec_form=read.exec_form,
            pairs=read.pairs,
            legacy=read.legacy,
            trigger=trigger,
            logical=logical,
            pieces=pieces,
            line=first,
            end=self.at,
        )

    def _openings(self, instruction: Instruction, first: int) -> list[Opening]:
        try:
            return openings(instruction.logical)
        except ValueError as error:
            raise self._error(f"{error}; quote what is not a here-document", first) from error

    def _heredoc(self, found: Opening, first: int) -> Heredoc:
        start = self.at + 1
        content: list[str] = []
        while self.at < len(self.lines):
            line = self._raw()
            ended = trim_end(line)
            if found.name == (ended.lstrip("\t") if found.chomp else ended):
                return Heredoc(
                    name=found.name,
                    descriptor=found.descriptor,
                    expand=found.expand,
                    chomp=found.chomp,
                    content="".join(content),
                    line=start,
                    end=self.at,
                )
            content.append(line)
        raise self._error(
            f"the here-document <<{found.name} is not ended; "
            f"put {found.name} alone on a line behind it",
            first,
        )

    def _error(self, message: str, line: int) -> DockerfileError:
        return DockerfileError(message, file=self.file, line=line)
