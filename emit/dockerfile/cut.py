"""Some of a Dockerfile's stages, cut out line by line; a number in `--from=N` is set anew."""

import re

from emit.dockerfile.edit import Edits
from emit.dockerfile.model import Dockerfile, Instruction
from emit.dockerfile.parse import parse
from emit.dockerfile.stages import NUMBER, Stage, StageGraph, stage_graph
from emit.dockerfile.text import BOM, is_blank, is_comment, line_end
from emit.dockerfile.validate import validate
from emit.dockerfile.variables import global_args
from emit.errors import BugError, DockerfileError


def cut(graph: StageGraph, stages: list[Stage], *, used_args: bool) -> str:
    """Return the lines of the stages and of what heads the file; raises BugError.

    `used_args` drops the global ARGs that none of the stages needs.
    """
    dockerfile = graph.dockerfile
    lines = _renumbered(graph, stages)
    starts = _starts(graph)
    dropped = _unused_args(graph, stages) if used_args else set()
    head = [line for number, line in enumerate(lines[: starts[0] - 1], 1) if number not in dropped]
    body: list[str] = []
    for stage in stages:
        first, behind = starts[stage.index], starts[stage.index + 1]
        if body and not is_blank(body[-1]):
            body += _blank_above(lines, first)
        body += lines[first - 1 : behind - 1]
    if stages[-1].index != len(graph.stages) - 1:
        while is_blank(body[-1]):
            body.pop()
    bom = BOM if dockerfile.lines[0].startswith(BOM) else ""
    kept = [*head, *body]
    kept[0] = kept[0].removeprefix(BOM)
    text = bom + "".join(kept)
    if not _same(graph, text, stages):
        # A comment that has come to the top reads as a directive: a blank line parts them.
        kept.insert(len(dockerfile.directives), line_end(body[0]) or "\n")
        text = bom + "".join(kept)
        if not _same(graph, text, stages):
            raise BugError(
                f"{dockerfile.file} does not read the same once sliced; nothing was written, "
                "and this is a bug in emit: please report it"
            )
    return text


def _blank_above(lines: list[str], line: int) -> list[str]:
    """Return the blank lines right above a line: they part stages that were not neighbours."""
    start = line
    while start > 1 and is_blank(lines[start - 2]):
        start -= 1
    return lines[start - 1 : line - 1]


def _same(graph: StageGraph, text: str, stages: list[Stage]) -> bool:
    """Tell whether a slice has the file's directives, and the stages with all they use."""
    try:
        sliced = parse(text, file=graph.dockerfile.file)
        validate(sliced)
        again = stage_graph(sliced, graph.settings)
    except DockerfileError:
        return False
    new = {stage.index: number for number, stage in enumerate(stages)}
    directives = [(found.name, found.value) for found in graph.dockerfile.directives]
    return directives == [(found.name, found.value) for found in sliced.directives] and [
        _shape(stage, {number: number for number in new.values()}) for stage in again.stages
    ] == [_shape(stage, new) for stage in stages]


def _shape(stage: Stage, new: dict[int, int]) -> tuple[object, ...]:
    """Return what must stay of a stage, its uses numbered anew."""
    last = (item.trigger or item for item in stage.instructions)
    items = [(item.keyword, item.rest, len(item.heredocs)) for item in last]
    uses = [
        (use.kind, use.onbuild, use.image if use.stage is None else new[use.stage])
        for use in stage.uses
    ]
    return stage.name, stage.base, stage.platform, items, uses


def _starts(graph: StageGraph) -> list[int]:
    """Return the first line of each stage, its comments included, and the line behind the last."""
    dockerfile = graph.dockerfile
    above = max(
        [item.end for item in global_args(dockerfile)]
        + [directive.line for directive in dockerfile.directives],
        default=0,
    )
    starts = [_glued(dockerfile, above, graph.stages[0].said.line)]
    for before, stage in zip(graph.stages, graph.stages[1:], strict=False):
        last = (before.said, *before.instructions)[-1].end
        starts.append(_after_blank(dockerfile, last, stage.said.line))
    return [*starts, len(dockerfile.lines) + 1]


def _glued(dockerfile: Dockerfile, above: int, line: int) -> int:
    """Return the first of the comments right above a line; what heads the file is not."""
    start = line
    while start - 1 > above and is_comment(dockerfile.lines[start - 2]):
        start -= 1
    heading = start - 1 <= len(dockerfile.directives) and start - 1 == above
    return line if heading else start


def _after_blank(dockerfile: Dockerfile, last: int, line: int) -> int:
    """Return where what belongs to the stage at a line begins, behind a stage's last line.

    That is behind the first blank lines; comments before them say something of the stage
    above.
    """
    between = range(last + 1, line)
    blank = next((number for number in between if is_blank(dockerfile.lines[number - 1])), None)
    if blank is None:
        return last + 1
    return next(
        (n for n in range(blank, line) if not is_blank(dockerfile.lines[n - 1])),
        line,
    )


def _unused_args(graph: StageGraph, stages: list[Stage]) -> set[int]:
    """Return the lines of global ARGs that no kept stage names, with the comments above them."""
    needed = {name for stage in stages for name in stage.variables}
    needed |= {
        pair.key
        for stage in stages
        for item in stage.instructions
        if item.keyword == "ARG"
        for pair in item.pairs
    }
    dropped: set[int] = set()
    for item in reversed(global_args(graph.dockerfile)):
        if any(pair.key in needed for pair in item.pairs):
            needed |= {name for pair in item.pairs for name in re.findall(r"\w+", pair.value or "")}
        else:
            above = max([0, *(found.line for found in graph.dockerfile.directives)])
            dropped |= {*range(_glued(graph.dockerfile, above, item.line), item.end + 1)}
    return dropped


def _renumbered(graph: StageGraph, stages: list[Stage]) -> list[str]:
    """Return the file's lines, each number of a stage as it counts among the kept ones.

    A number of an image becomes its name; raises DockerfileError where that is a number too.
    """
    edits = Edits(graph.dockerfile)
    new = {stage.index: number for number, stage in enumerate(stages)}
    done: list[Instruction] = []
    for use in (use for stage in stages for use in stage.uses):
        number = use.said.flag("from") or ""
        if use.kind != "copy" or not NUMBER.fullmatch(number):
            continue
        value = use.image if use.stage is None else str(new[use.stage])
        if use.stage is None and NUMBER.fullmatch(value):
            raise DockerfileError(
                f"--from={number} is an image that is called {value}; "
                f"name it: --from=docker.io/library/{value}",
                file=graph.dockerfile.file,
                line=use.said.line,
            )
        if value != str(int(number)) and not any(use.said is item for item in done):
            flag = [flag for flag in use.said.flags if flag.name == "from"][-1]
            edits.replace(use.said, flag.start, flag.end, f"--from={value}")
            done.append(use.said)
    return edits.lines()
