"""Measure how far emit.dockerfile agrees with BuildKit's own tests, given a checkout of them.

usage: .venv/bin/python tools/buildkit.py CHECKOUT [DOCKERFILE...]

CHECKOUT is a folder with a copy of https://github.com/moby/buildkit (`git clone`, `git
archive`). Dockerfiles named besides are read too. Where the module `dockerfile` is there
(`pip install dockerfile`, a binding of an older BuildKit's parser), every text is also read
by that and the instructions, their lines, flags, values and here-documents are compared.
Differences are printed; the exit status is 1 when BuildKit's own expectations are not met.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emit.dockerfile import parse
from emit.dockerfile.lexer import Lexer, LexError
from emit.dockerfile.parse import KEYWORDS
from emit.dockerfile.text import decode, encode
from emit.errors import DockerfileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from emit.dockerfile import Dockerfile, Instruction

_LITERAL = re.compile(r"`([^`]*)`")
_ENV = {"PWD": "/home", "SHELL": "bash", "KOREAN": "한국어", "NULL": ""}
Failures = list[str]


def main(arguments: list[str]) -> int:
    """Print the figures, and what differs."""
    if not arguments:
        sys.exit(__doc__)
    root = Path(arguments[0]) / "frontend" / "dockerfile"
    parser, shell = root / "parser", root / "shell"
    failed = [
        *_report("parser/testfiles", list(_positive(parser / "testfiles"))),
        *_report("parser/testfiles-negative", list(_negative(parser / "testfiles-negative"))),
        *_report("shell/envVarTest", list(_expansions(shell / "envVarTest"))),
        *_report("shell/wordsTest", list(_words(shell / "wordsTest"))),
    ]
    literals = {text for file in sorted(root.rglob("*_test.go")) for text in _literals(file)}
    _compare("Dockerfiles in its Go tests", [(text, text.encode()) for text in sorted(literals)])
    named = [(name, Path(name).read_bytes()) for name in arguments[1:]]
    _compare("Dockerfiles named", named)
    return 1 if failed else 0


def _report(title: str, outcomes: list[str | None]) -> Failures:
    failures = [outcome for outcome in outcomes if outcome is not None]
    sys.stdout.write(f"{title}: {len(outcomes) - len(failures)} of {len(outcomes)} agree\n")
    for failure in failures:
        sys.stdout.write(f"  {failure}\n")
    return failures


def _positive(folder: Path) -> Iterator[str | None]:
    for case in sorted(folder.iterdir()):
        text = decode((case / "Dockerfile").read_bytes())
        expected = (case / "result").read_text(encoding="utf-8").strip()
        try:
            dumped = "\n".join(f"({_dump(item)})" for item in parse(text).instructions)
        except DockerfileError as error:
            dumped = str(error)
        yield None if dumped == expected else f"{case.name}: {dumped!r} != {expected!r}"


def _negative(folder: Path) -> Iterator[str | None]:
    for case in sorted(folder.iterdir()):
        try:
            parse(decode((case / "Dockerfile").read_bytes()))
        except DockerfileError:
            yield None
        else:
            yield f"{case.name} was taken"


def _dump(item: Instruction) -> str:
    """Print an instruction as BuildKit's Node.Dump does."""
    flags = " ".join(_quote(str(flag)) for flag in item.flags)
    head = item.keyword.lower() + (f" [{flags}]" if flags else "")
    if item.trigger is not None:
        return f"{head} ({_dump(item.trigger)})"
    return " ".join([head, *map(_quote, _values(item))])


def _values(item: Instruction) -> list[str]:
    if item.keyword == "ARG":
        return [
            pair.key if pair.value is None else f"{pair.key}={pair.value}" for pair in item.pairs
        ]
    sep = "" if item.legacy else "="
    return [
        *item.args,
        *(part for pair in item.pairs for part in (pair.key, pair.value or "", sep)),
    ]


def _quote(value: str) -> str:
    return re.sub(r"\\u00([01].)", r"\\x\1", json.dumps(value, ensure_ascii=False))


def _expansions(file: Path) -> Iterator[str | None]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        platform, source, expected = (part.strip() for part in line.split("|"))
        if platform in {"A", "U"}:
            try:
                result = Lexer().expand(source, _ENV).result
            except LexError:
                result = "error"
            yield None if result == expected else f"{source}: {result!r} != {expected!r}"


def _words(file: Path) -> Iterator[str | None]:
    env: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("ENV "):
            name, _, value = line[3:].lstrip(" ").partition("=")
            env[name] = value
        elif not line.startswith("#"):
            source, _, expected = line.partition("|")
            try:
                result = list(Lexer().expand(source.strip(), env).words)
            except LexError:
                result = ["error"]
            wanted = expected.lstrip(" ").split(",")
            yield None if result == wanted else f"{source}: {result} != {wanted}"


def _literals(file: Path) -> Iterator[str]:
    for found in _LITERAL.finditer(file.read_text(encoding="utf-8")):
        if re.search(r"(?im)^\s*from\s+\S", found[1]) and "%" not in found[1]:
            yield found[1]


def _compare(title: str, texts: list[tuple[str, bytes]]) -> None:
    """Print how many texts round-trip, are refused, and are read as the reference reads them."""
    reference = _reference()
    same = refused = lossless = 0
    differences = []
    for name, data in texts:
        ours = _read(data)
        refused += ours is None
        lossless += ours is not None and encode(ours.text) == data
        if reference is not None:
            difference = _difference(ours, reference, data)
            same += difference is None
            if difference is not None:
                differences.append(f"{name[:60]!r}: {difference}")
    sys.stdout.write(f"{title}: {len(texts)}, {lossless} round-trip, {refused} refused\n")
    if reference is not None:
        sys.stdout.write(f"  {same} as the older BuildKit in `dockerfile` reads them\n")
    for difference in differences:
        sys.stdout.write(f"  {difference}\n")


def _read(data: bytes) -> Dockerfile | None:
    try:
        return parse(decode(data))
    except DockerfileError:
        return None


def _reference() -> ModuleType | None:
    try:
        return importlib.import_module("dockerfile")
    except ImportError:
        return None


def _difference(ours: Dockerfile | None, reference: ModuleType, data: bytes) -> str | None:
    try:
        theirs = reference.parse_string(data.decode("utf-8"))
    except UnicodeDecodeError:
        return "not compared: the reference aborts on what is not UTF-8"
    except reference.GoParseError as error:
        return None if ours is None else f"it refuses: {error}"
    if ours is None:
        return "we refuse"
    if len(theirs) != len(ours.instructions):
        return f"{len(theirs)} instructions, not {len(ours.instructions)}"
    return next(_unequal(zip(ours.instructions, theirs, strict=True)), None)


def _unequal(both: Iterable[tuple[Instruction, object]]) -> Iterator[str]:
    for ours, theirs in both:
        read = (
            ours.keyword,
            (ours.line, ours.end),
            tuple(map(str, ours.flags)),
            tuple(_plain(ours.trigger or ours)),
            tuple((found.name, found.descriptor, found.content) for found in ours.heredocs),
        )
        expected = (
            str(getattr(theirs, "cmd", None) or "").upper(),
            (getattr(theirs, "start_line", 0), getattr(theirs, "end_line", 0)),
            getattr(theirs, "flags", ()),
            getattr(theirs, "value", ()),
            tuple(
                (found.name, found.file_descriptor, found.content)
                for found in getattr(theirs, "heredocs", ())
            ),
        )
        if read != expected:
            yield f"{read} != {expected}"


def _plain(item: Instruction) -> list[str]:
    """Return the values as that module does: no separators, one for an unknown keyword."""
    if item.keyword not in KEYWORDS:
        return [""]
    if item.keyword == "ARG":
        return _values(item)
    return [*item.args, *(part for pair in item.pairs for part in (pair.key, pair.value or ""))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
