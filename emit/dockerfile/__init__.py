"""Dockerfiles as data: one lossless parser, the stages of a file, edits that keep every byte.

    from emit.dockerfile import parse, read

    dockerfile = read("Dockerfile")                  # or parse(text, file="Dockerfile")
    for instruction in dockerfile.instructions:
        print(instruction.line, instruction.keyword, instruction.args)
    assert dockerfile.text == "".join(dockerfile.lines)

`model` says what an instruction holds. To change a file, take its text from
`dockerfile.lines` by line, or replace parts of a logical line with `edit.Edits`; never print
an instruction anew. A Dockerfile that BuildKit's parser refuses raises DockerfileError, which
names file and line; `validate` refuses what parses and does not build. `stages.stage_graph`
tells which stage needs which.
"""

from emit.dockerfile.files import read
from emit.dockerfile.model import (
    Directive,
    Dockerfile,
    Flag,
    Heredoc,
    Instruction,
    Pair,
    Piece,
)
from emit.dockerfile.parse import parse
from emit.dockerfile.validate import validate

__all__ = [
    "Directive",
    "Dockerfile",
    "Flag",
    "Heredoc",
    "Instruction",
    "Pair",
    "Piece",
    "parse",
    "read",
    "validate",
]
