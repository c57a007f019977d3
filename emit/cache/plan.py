"""The stages of a Dockerfile and what the user asked for -> what is built, in which order. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from emit import __version__
from emit.cache.classic import first_metadata, needs_buildkit
from emit.cache.wanted import Wanted, check, image_name
from emit.dockerfile.references import mount_fields
from emit.dockerfile.stages import SCRATCH, Stage, StageGraph
from emit.dockerfile.text import trim_end
from emit.errors import UsageError
from emit.graph import Note, plan_graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A stage: `kind` is inner, leaf, image or left out; `why` says why it is that."""

    name: str
    line: int
    kind: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """A stage that gets a name: what stands in the last line of its FROM, and that line."""

    name: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePlan:
    """Everything that decides the bytes of a script, a workflow or a bake file.

    `inner` and `leaves` are groups: the stages of one can be built at the same time. `last`
    is the last stage where it has no name, and so is built without --target. `classic` is
    why the classic builder cannot build the file, `metadata` what it cannot take from a cache
    in containerd's store; both name a place, or are empty. `images` come from elsewhere,
    `notes` are of what no cache can help.
    """

    version: str
    file: str
    image: str
    tag: str
    context: str
    cache: str
    branch: str
    inner: tuple[tuple[str, ...], ...]
    leaves: tuple[str, ...]
    targets: tuple[str, ...]
    last: str
    unnamed: tuple[Unnamed, ...]
    build_args: tuple[str, ...]
    secrets: tuple[str, ...]
    platforms: str
    network: str
    classic: str
    metadata: str
    images: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    @property
    def ends(self) -> tuple[str, ...]:
        """The stages that are built for their own sake: leaves, then images."""
        return (*self.leaves, *self.targets)

    @property
    def stages(self) -> tuple[str, ...]:
        """All stages that are built, in order."""
        return (*(name for group in self.inner for name in group), *self.ends)

    def suffix(self, stage: str) -> str:
        """Return what stands behind the tag of an image: nothing where there is only one."""
        return f"-{stage}" if len(self.targets) > 1 else ""


def plan_cache(graph: StageGraph, wanted: Wanted) -> CachePlan:
    """Decide what is built and in which order; raises UsageError and DockerfileError."""
    image, tag = image_name("-i", wanted.image)
    check(wanted)
    if not graph.dockerfile.file.isprintable():
        raise UsageError(f"-f {graph.dockerfile.file!r} holds a control character; rename it")
    targets = _targets(graph, wanted.targets)
    skipped = [graph.find(name) for name in wanted.skip]
    leaves = _leaves(graph, targets, {stage.index for stage in skipped})
    ends = {stage.index for stage in (*leaves, *targets)}
    built = set[int]().union(*(graph.needed(graph.stages[index]) for index in ends))
    inner = [
        [index for index in group if index not in ends] for group in graph.levels(sorted(built))
    ]
    last, said = graph.stages[-1], graph
    if graph.dockerfile.file == "<stdin>":  # the script reads the usual file
        said = replace(graph, dockerfile=replace(graph.dockerfile, file="Dockerfile"))
    _require_own_names(graph, built)
    _require_skipped(graph, skipped, targets, built)
    return CachePlan(
        version=__version__,
        file=said.dockerfile.file,
        image=image,
        tag=tag or "latest",
        context=wanted.context,
        cache=wanted.cache,
        branch=wanted.branch,
        inner=tuple(tuple(graph.stages[i].label for i in group) for group in inner if group),
        leaves=tuple(stage.label for stage in leaves),
        targets=tuple(stage.label for stage in targets),
        last=last.label if not last.name and last.index in built else "",
        unnamed=tuple(
            _unnamed(graph, graph.stages[index])
            for index in sorted(built)
            if not graph.stages[index].name and index != last.index
        ),
        build_args=wanted.build_args,
        secrets=wanted.secrets,
        platforms=",".join(wanted.platforms),
        network=wanted.network,
        classic=_classic(said, wanted),
        metadata=first_metadata(said, built),
        images=_images(graph, built),
        rows=tuple(_rows(graph, targets, leaves, built)),
        notes=tuple(sorted(_notes(graph, built), key=lambda note: note.line)),
    )


def slug(branch: str) -> str:
    """Return a branch's name as a tag may hold it; lib/cache/slug.sh does the same."""
    return re.sub(rb"[^A-Za-z0-9_.-]", b"-", branch.encode())[:60].decode()


def _targets(graph: StageGraph, names: Sequence[str]) -> list[Stage]:
    found = [graph.find(name) for name in names] or [graph.stages[-1]]
    for stage in found:
        _require_name(graph, stage)
    return list({stage.index: stage for stage in found}.values())


def _require_name(graph: StageGraph, stage: Stage) -> None:
    if not stage.name and stage is not graph.stages[-1]:
        raise UsageError(
            f"{graph.dockerfile.file}:{stage.said.line}: stage {stage.index} has no name, and "
            "docker cannot build one by its number; write FROM ... AS NAME"
        )


def _require_own_names(graph: StageGraph, built: Collection[int]) -> None:
    """Refuse a name that two stages have: docker builds but the last of them by it."""
    lines: dict[str, int] = {}
    for index in sorted(built):
        stage = graph.stages[index]
        if stage.label in lines:
            raise UsageError(
                f"{graph.dockerfile.file}:{stage.said.line}: the stage of line "
                f"{lines[stage.label]} is {stage.label}, too; give one another name"
            )
        lines[stage.label] = stage.said.line


def _require_skipped(
    graph: StageGraph, skipped: list[Stage], targets: list[Stage], built: Collection[int]
) -> None:
    for stage in skipped:
        if stage.index in built:
            why = "it is the image" if stage in targets else _users(graph, stage, built)
            raise UsageError(f"--skip {stage.label}: {why}")


def _leaves(graph: StageGraph, targets: list[Stage], skip: Collection[int]) -> list[Stage]:
    """Return the stages that nobody takes from and that can be built: tests and the like."""
    used = {use.stage for stage in graph.stages for use in stage.uses}
    used |= {other.index for stage in graph.stages for other in graph.candidates(stage)}
    asked = {stage.index for stage in targets}
    return [
        stage
        for stage in graph.stages
        if stage.index not in {*used, *asked, *skip} and (stage.name or stage is graph.stages[-1])
    ]


def _unnamed(graph: StageGraph, stage: Stage) -> Unnamed:
    line = stage.said.end
    text = trim_end(graph.dockerfile.lines[line - 1])
    return Unnamed(name=stage.label, line=line, text=text)


def _classic(graph: StageGraph, wanted: Wanted) -> str:
    if wanted.secrets:
        return f"--secret {wanted.secrets[0]}"
    return "several platforms" if len(wanted.platforms) > 1 else needs_buildkit(graph)


def _images(graph: StageGraph, built: Collection[int]) -> tuple[str, ...]:
    """Return the images from elsewhere that what is built takes from."""
    uses = (use for index in sorted(built) for use in graph.stages[index].uses)
    names = (use.image for use in uses if use.stage is None and use.image != SCRATCH)
    return tuple(dict.fromkeys(names))


def _rows(
    graph: StageGraph, targets: list[Stage], leaves: list[Stage], built: Collection[int]
) -> Iterator[Row]:
    ends = {stage.index for stage in (*targets, *leaves)}
    for stage in graph.stages:
        if stage in targets:
            kind, why = "image", "asked for by --target" if stage.name else "the last stage"
            why = "the last stage" if stage is graph.stages[-1] else why
        elif stage.index in ends:
            kind, why = "leaf", "nobody takes from it: built first, for it may be a test"
        elif stage.index in built:
            kind, why = "inner", _users(graph, stage, built)
        elif not stage.name:
            kind, why = "left out", "it has no name and nobody takes from it"
        else:
            kind, why = "left out", "nothing that is built takes from it"
        yield Row(name=stage.label, line=stage.said.line, kind=kind, why=why)


def _users(graph: StageGraph, stage: Stage, built: Collection[int]) -> str:
    """Say which stages that are built take from it."""
    *others, last = [
        other.label
        for other in graph.stages
        if other.index in built and any(use.stage == stage.index for use in other.uses)
    ]
    return f"{', '.join(others)} and {last} take from it" if others else f"{last} takes from it"


def _notes(graph: StageGraph, built: Collection[int]) -> Iterator[Note]:
    for note in plan_graph(graph).notes:
        if not note.text.startswith("no stage takes from"):
            yield note
    for index in built:
        for item in graph.stages[index].instructions:
            kinds = [mount_fields(mount).get("type") for mount in item.flag_values("mount")]
            if item.keyword == "RUN" and "cache" in kinds:
                yield Note(
                    line=item.line,
                    text="a cache mount is part of no cache that can be sent: on a new machine "
                    "it is empty; what must not be fetched again belongs into a layer",
                )
