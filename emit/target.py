"""A Dockerfile and a stage -> the lines that this stage needs, and nothing else.

Lines are sliced, never printed anew: only the number in a `--from=N` changes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from emit.dockerfile.cut import cut
from emit.dockerfile.model import Instruction
from emit.dockerfile.references import mount_fields
from emit.dockerfile.stages import Stage, StageGraph, Use
from emit.plain import plain

_URL = re.compile(r"\w+://|git@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A FROM that a variable's default decided, and the stages it might have named instead."""

    line: int
    written: str
    base: str
    variables: dict[str, str]
    others: tuple[str, ...]

    def __str__(self) -> str:
        """Read as a sentence."""
        why = ", ".join(f"{name}={value}" for name, value in self.variables.items())
        more = f"; --all-variants keeps {', '.join(self.others)} too" if self.others else ""
        return (
            f"{self.written} is {self.base}, because {why} unless --platform "
            f"or --build-arg says otherwise{more}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlan:
    """What is kept and dropped, by the labels of stages, and the text that is left.

    `context` are the sources that the kept stages copy or mount from the build context.
    """

    file: str
    stage: str
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    pinned: tuple[Pin, ...]
    context: tuple[str, ...]
    text: str


def plan_target(
    graph: StageGraph, stage: str | None, *, all_variants: bool = False, used_args: bool = False
) -> TargetPlan:
    """Decide what stays of a Dockerfile for a stage, by default the last.

    `all_variants` keeps each stage that a FROM with variables may name, `used_args` drops the
    global ARGs that nothing left needs. Raises UsageError for a stage that is not there,
    DockerfileError for one that cannot be built.
    """
    target = graph.find(stage) if stage is not None else graph.stages[-1]
    kept = _kept(graph, target, all_variants=all_variants)
    stages = [graph.stages[index] for index in sorted(kept)]
    return TargetPlan(
        file=graph.dockerfile.file,
        stage=target.label,
        kept=tuple(stage.label for stage in stages),
        dropped=tuple(stage.label for stage in graph.stages if stage.index not in kept),
        pinned=() if all_variants else tuple(_pins(graph, stages)),
        context=tuple(dict.fromkeys(_context(stages))),
        text=cut(graph, stages, used_args=used_args),
    )


def _kept(graph: StageGraph, target: Stage, *, all_variants: bool) -> set[int]:
    kept = graph.needed(target)
    todo = set(kept) if all_variants else set()
    while todo:
        stage = graph.stages[todo.pop()]
        for other in graph.candidates(stage):
            new = graph.needed(other) - kept
            kept |= new
            todo |= new
    return kept


def _pins(graph: StageGraph, stages: Iterable[Stage]) -> Iterator[Pin]:
    given = graph.settings.build_args
    for stage in stages:
        candidates = graph.candidates(stage)
        others = [other.name for other in candidates if other.index != stage.parent]
        names = sorted(name for name in stage.variables if name not in given)
        if graph.settings.platform_given:
            names = [name for name in names if not name.startswith("TARGET")]
        any_name = len(others) == len(
            [*filter(None, (s.name for s in graph.stages[: stage.index]))]
        )
        if names and candidates and not (stage.parent is None and any_name):
            yield Pin(
                line=stage.said.line,
                written=f"FROM {stage.said.args[0]}",
                base=stage.base,
                variables={name: graph.variables.get(name, "") for name in names},
                others=tuple(others),
            )


def _context(stages: Iterable[Stage]) -> Iterator[str]:
    for stage in stages:
        for item in (item.trigger or item for item in stage.instructions):
            if item.keyword in {"ADD", "COPY"} and not item.flag("from"):
                yield from (
                    source
                    for source in item.args[:-1]
                    if not _URL.match(source) and "<<" not in source
                )
            elif item.keyword == "RUN":
                yield from _mounted(item)


def _mounted(item: Instruction) -> Iterator[str]:
    """Yield what RUN's bind mounts take from the build context."""
    for fields in map(mount_fields, item.flag_values("mount")):
        if fields.get("type", "bind") == "bind" and not fields.get("from"):
            yield fields.get("source") or fields.get("src") or "."


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """A stage as `--list` tells of it; `needed` is by the stage that was asked for."""

    index: int
    name: str
    base: str
    platform: str | None
    line: int
    instructions: int
    uses: tuple[str, ...]
    used_by: tuple[str, ...]
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """All stages of a file."""

    file: str
    target: str
    stages: tuple[StageRow, ...]


def stage_report(graph: StageGraph, stage: str | None) -> StageReport:
    """Return what each stage is made from, takes from and is used by."""
    target = graph.find(stage) if stage is not None else graph.stages[-1]
    needed = graph.needed(target)
    return StageReport(
        file=graph.dockerfile.file,
        target=target.label,
        stages=tuple(
            StageRow(
                index=each.index,
                name=each.name,
                base=each.base,
                platform=each.platform,
                line=each.said.line,
                instructions=len(each.instructions),
                uses=tuple(dict.fromkeys(_source(graph, use) for use in each.uses[1:])),
                used_by=tuple(
                    other.label
                    for other in graph.stages
                    if any(use.stage == each.index for use in other.uses)
                ),
                needed=each.index in needed,
            )
            for each in graph.stages
        ),
    )


def _source(graph: StageGraph, use: Use) -> str:
    return use.image if use.stage is None else graph.stages[use.stage].label


def listing(graph: StageGraph, stage: str | None) -> str:
    """Return the stages as lines of a table."""
    report = stage_report(graph, stage)
    rows = [("", "STAGE", "FROM", "TAKES FROM", "USED BY", "LINE")]
    for row, each in zip(report.stages, graph.stages, strict=True):
        used = ", ".join(row.used_by) or ("(target)" if each.label == report.target else "nobody")
        rows.append(
            (
                "*" if row.needed else "",
                each.label,
                plain(row.base),
                plain(", ".join(row.uses)),
                used,
                str(row.line),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, f"* needed by {report.target}"]) + "\n"
