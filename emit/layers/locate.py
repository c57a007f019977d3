"""Which line of a Dockerfile made which layer. Pure.

The history does not say, so commands and instructions are aligned in their order: equal text
counts most, the same keyword and end will do where a build changes the text (COPY's variables,
the classic builder's file:… in /).
"""

import re
from collections.abc import Mapping, Sequence

from emit.dockerfile.model import Instruction
from emit.dockerfile.stages import Stage, StageGraph
from emit.layers.align import align
from emit.layers.history import Command
from emit.layers.report import Place

_LAYERED = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})
_SAME = 4  # a text that is equal
_KEYWORD = 1  # only the keyword is
_CLASSIC = re.compile(r"(?:file|dir|multi):\w+ in ")
_WORDS = 2  # at the head of a RUN that must be equal


def locate(commands: Sequence[Command], graph: StageGraph, target: Stage) -> dict[int, Place]:
    """Return by a layer's index where in the Dockerfile its command stands."""
    instructions = _chain(graph, target)
    pairs = align([[_fit(one, other) for other in instructions] for one in commands])
    file = graph.dockerfile.file
    return {layer: Place(file=file, line=instructions[at].line) for layer, at in pairs}


def base_layers(places: Mapping[int, Place], layers: int) -> int | None:
    """Return how many layers lie below the Dockerfile's, None where one above has no place."""
    first = min(places, default=layers)
    return first if len(places) == layers - first and places else None


def _chain(graph: StageGraph, target: Stage) -> list[Instruction]:
    """Return what makes layers in the target and in the stages it is made from, oldest first."""
    stages = [target]
    while (parent := stages[-1].parent) is not None:
        stages.append(graph.stages[parent])
    return [
        instruction
        for stage in reversed(stages)
        for instruction in stage.instructions
        if instruction.keyword.upper() in _LAYERED
    ]


def _fit(command: Command, instruction: Instruction) -> int:
    keyword = instruction.keyword.upper()
    if command.keyword not in (keyword, ""):  # the classic builder names no RUN of an exec form
        return 0
    texts = {" ".join(text.split()) for text in _texts(instruction)}
    said = " ".join(command.text.split())
    if said in texts:
        return _SAME
    if not command.keyword:
        return 0
    alike = _same_head if keyword == "RUN" else _same_end
    return _KEYWORD if any(alike(said, text) for text in texts) else 0


def _same_head(said: str, text: str) -> bool:
    return said.split()[:_WORDS] == text.split()[:_WORDS]


def _same_end(said: str, text: str) -> bool:
    """Tell the same destination, or one that a variable or the classic builder's `in` hides."""
    if "$" in text or _CLASSIC.search(said):
        return True
    there, end = (words.rpartition(" ")[2].strip("./") for words in (said, text))
    return there == end or there.endswith(f"/{end}")


def _texts(instruction: Instruction) -> list[str]:
    """Return what the history may have of an instruction: shell form, exec form, its script."""
    scripts = [heredoc.content for heredoc in instruction.heredocs]
    ended = [f"{heredoc.content}{heredoc.name}" for heredoc in instruction.heredocs]
    whole = "\n".join([instruction.rest, *ended])
    return [instruction.rest, " ".join(instruction.args), whole, *scripts]
