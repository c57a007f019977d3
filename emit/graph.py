"""The stages of a Dockerfile -> a picture's parts: boxes, arrows and notes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from emit.dockerfile.stages import SCRATCH, Stage, StageGraph, Use
from emit.plain import plain

_URL = re.compile(r"https?://(?!.*\.git([?#]|$))")
_INSTALLS = re.compile(
    r"\b(npm (ci|install|i)|yarn( install|(?=\s*($|[;&|]|--)))"
    r"|pnpm (install|fetch)|bun install|bundle install"
    r"|pip3? install (-r|--requirement)|poetry install|uv sync|composer install"
    r"|go mod download|cargo fetch|mix deps\.get|dotnet restore)(?![\w-])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A stage, or an image from elsewhere, which has no step.

    `step` counts from 1: the stages of one step can be built at the same time. `needed` is by
    the target, `unused` says that no stage takes from it.
    """

    id: str
    title: str
    detail: str
    image: bool = False
    line: int = 0
    step: int = 0
    needed: bool = True
    target: bool = False
    unused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From what is taken to who takes it; `kind` is `from`, `copy` or `mount`."""

    start: str
    end: str
    kind: str
    onbuild: bool
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the graph alone can know to be odd."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPlan:
    """All that a picture shows."""

    file: str
    target: str
    steps: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Note, ...]


def only_needed(plan: GraphPlan) -> GraphPlan:
    """Return the plan without what the target does not need."""
    return replace(
        plan,
        boxes=tuple(box for box in plan.boxes if box.needed),
        arrows=tuple(arrow for arrow in plan.arrows if arrow.needed),
    )


def plan_graph(graph: StageGraph, stage: str | None = None) -> GraphPlan:
    """Decide what to draw: all stages, those that a stage needs (the last one's) told apart."""
    target = graph.find(stage) if stage is not None else graph.stages[-1]
    needed = graph.needed(target)
    steps = {
        index: number
        for number, group in enumerate(graph.levels(range(len(graph.stages))), 1)
        for index in group
    }
    leaves = {each.index for each in graph.leaves()}
    boxes = [
        Box(
            id=f"s{each.index}",
            title=each.label,
            detail=_detail(each),
            line=each.said.line,
            step=steps[each.index],
            needed=each.index in needed,
            target=each is target,
            unused=each.index in leaves and each is not target,
        )
        for each in graph.stages
    ]
    images = _images(graph, needed)
    return GraphPlan(
        file=graph.dockerfile.file,
        target=target.label,
        steps=max(steps[index] for index in needed),
        boxes=(*images.values(), *boxes),
        arrows=tuple(dict.fromkeys(_arrows(graph, images, needed))),
        notes=tuple(sorted(_notes(graph, target), key=lambda note: note.line)),
    )


def _detail(stage: Stage) -> str:
    counts = Counter(item.keyword for item in stage.instructions)
    steps = [
        f"{counts[keyword]} {keyword}" for keyword in ("COPY", "ADD", "RUN") if counts[keyword]
    ]
    scratch = ["scratch"] if stage.parent is None and stage.base == SCRATCH else []
    return " · ".join([*scratch, *steps]) or "no steps"


def _images(graph: StageGraph, needed: set[int]) -> dict[str, Box]:
    """Return a box for each image from elsewhere, by its name, in order of appearance."""
    users: dict[str, list[int]] = {}
    for stage in graph.stages:
        for use in stage.uses:
            if use.stage is None and use.image != SCRATCH:
                users.setdefault(use.image, []).append(stage.index)
    return {
        name: Box(
            id=f"i{number}",
            title=plain(name),
            detail="image",
            image=True,
            needed=not needed.isdisjoint(indices),
        )
        for number, (name, indices) in enumerate(users.items())
    }


def _arrows(graph: StageGraph, images: dict[str, Box], needed: set[int]) -> Iterator[Arrow]:
    for stage in graph.stages:
        for use in stage.uses:
            start = _start(use, images)
            if start is not None:
                yield Arrow(
                    start=start,
                    end=f"s{stage.index}",
                    kind=use.kind,
                    onbuild=use.onbuild,
                    needed=stage.index in needed,
                )


def _start(use: Use, images: dict[str, Box]) -> str | None:
    if use.stage is not None:
        return f"s{use.stage}"
    return images[use.image].id if use.image in images else None


def _notes(graph: StageGraph, target: Stage) -> Iterator[Note]:
    may_be_named = {other.index for stage in graph.stages for other in graph.candidates(stage)}
    for stage in graph.leaves():
        if stage is not target and stage.index not in may_be_named:
            yield Note(
                line=stage.said.line,
                text=f"no stage takes from {stage.label}: BuildKit builds it only when it is the "
                "target, so a test in it runs only then",
            )
    for stage in graph.stages:
        yield from _early_copies(stage)
        for item in (item.trigger or item for item in stage.instructions):
            if item.keyword == "ADD" and not item.flag("checksum"):
                yield from (
                    Note(line=item.line, text=f"ADD {url} is taken as it comes; add --checksum")
                    for url in item.args[:-1]
                    if _URL.match(url)
                )


def _early_copies(stage: Stage) -> Iterator[Note]:
    """Yield where all sources are copied above the command that installs dependencies."""
    copied = None
    for item in stage.instructions:
        install = _INSTALLS.search(item.rest) if item.keyword == "RUN" else None
        if install is not None:
            if copied is not None:
                yield Note(
                    line=copied.line,
                    text=f"{copied.keyword} {copied.rest} stands above '{install[0]}' in line "
                    f"{item.line}, which every change of a source repeats; copy the manifest, "
                    "install, then copy the sources",
                )
            return
        whole = item.keyword in {"ADD", "COPY"} and item.flag("from") is None
        if whole and item.args and item.args[0] in {".", "./", "/", "*"}:
            copied = item
