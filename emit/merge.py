"""A Dockerfile -> the same one with fewer layers, and why not with fewer still."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from emit.dockerfile.model import Dockerfile, Instruction
from emit.dockerfile.parse import parse
from emit.dockerfile.stages import Stage, StageGraph
from emit.dockerfile.validate import validate
from emit.errors import BugError, DockerfileError
from emit.merge_rules import (
    Place,
    copy_reason,
    hard_reason,
    left_reason,
    pairs_reason,
    right_reason,
)
from emit.merge_text import Group, expected, merge
from emit.shell_facts import facts

_LAYERS = frozenset({"ADD", "COPY", "RUN", "WORKDIR"})
_METADATA = frozenset({"ENV", "LABEL"})
_MERGED = frozenset({"RUN", "COPY", "ADD", *_METADATA})
_WINDOWS = ("windows/", "nanoserver", "servercore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Two neighbours of one keyword: `reason` says why they stay two, or what the merge does.

    `shrinks` says that the second removes files, which can save bytes and not only a layer.
    """

    line: int
    other: int
    keyword: str
    merged: bool
    reason: str
    shrinks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLayers:
    """How many layers a stage adds to its base image, itself and the stages below it."""

    stage: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """The text, and what was decided for it."""

    file: str
    wrap: bool
    decisions: tuple[Decision, ...]
    layers: tuple[StageLayers, ...]
    assumed_shell: bool
    text: str

    @property
    def merges(self) -> int:
        """How many pairs became one."""
        return sum(decision.merged for decision in self.decisions)


def plan_merge(
    graph: StageGraph, *, wrap: bool = False, metadata: bool = False, most: int | None = None
) -> MergePlan:
    """Decide which neighbours become one instruction.

    `wrap` gives a RUN that cannot share its shell one of its own, `metadata` merges ENV and
    LABEL too, `most` merges no more than it takes to have so many layers a stage, and raises
    DockerfileError where all merges are too few.
    """
    dockerfile = graph.dockerfile
    found = [_Stage(graph, stage, wrap=wrap, metadata=metadata) for stage in graph.stages]
    places: list[Place] = []
    for one in found:
        one.decide(places)
    if most is not None:
        _no_more_than(found, most)
        _require(found, most, dockerfile.file)
    groups = [group for one in found for group in one.groups()]
    text = merge(dockerfile, groups)
    _verify(dockerfile, groups, text)
    return MergePlan(
        file=dockerfile.file,
        wrap=wrap,
        decisions=tuple(decision for one in found for decision in one.decisions),
        layers=tuple(
            StageLayers(
                stage=one.stage.label,
                before=sum(each.layers for each in _chain(found, one)),
                after=sum(each.layers - each.saved for each in _chain(found, one)),
            )
            for one in found
        ),
        assumed_shell=any(group.wrapped and group.shell == Place().shell for group in groups),
        text=text,
    )


class _Stage:
    """The decisions in one stage; each says whether an instruction joins the one above it."""

    def __init__(self, graph: StageGraph, stage: Stage, *, wrap: bool, metadata: bool) -> None:
        self.stage = stage
        self.escape = graph.dockerfile.escape
        self.wrap = wrap
        self.metadata = metadata
        self.above = None if stage.parent is None else graph.stages[stage.parent]
        self.decisions: list[Decision] = []
        self.place: dict[int, Place] = {}
        self.layers = sum(item.keyword in _LAYERS for item in stage.instructions)

    @property
    def saved(self) -> int:
        """How many layers the merges save."""
        return sum(d.merged and d.keyword not in _METADATA for d in self.decisions)

    def decide(self, ends: list[Place]) -> None:
        """Decide every pair, knowing how the stages above end; append how this one does."""
        place = self._first_place(ends)
        group: list[Instruction] = []
        for item, following in pairwise([*self.stage.instructions, None]):
            if item is None:
                break
            place = _moved(place, item)
            self.place[item.line] = place
            group.append(item)
            if following is None or following.keyword != item.keyword or not self._counts(item):
                group = []
                continue
            reason = self._reason(group, following, place)
            self.decisions.append(self._decision(item, following, reason, place))
            if reason is not None:
                group = []
        ends.append(place)

    def _counts(self, item: Instruction) -> bool:
        return item.keyword in (_MERGED if self.metadata else _MERGED - _METADATA)

    def _first_place(self, ends: list[Place]) -> Place:
        if self.above is None:
            image = self.stage.base.lower()
            return Place(windows=any(name in image for name in _WINDOWS) or self.escape == "`")
        place = ends[self.above.index]
        for item in self.above.instructions:
            if item.trigger is not None:
                place = _moved(place, item.trigger)
        return place

    def _reason(self, group: list[Instruction], item: Instruction, place: Place) -> str | None:
        last = group[-1]
        if item.keyword == "COPY":
            return copy_reason(last, item)
        if item.keyword == "ADD":
            return "ADD unpacks and downloads; each keeps its own"
        if item.keyword in _METADATA:
            return _earlier_pairs(group, item, self.escape)
        reason = hard_reason(last, item, place)
        if reason is None and not self.wrap:
            reason = left_reason(last, place) or right_reason(item, group, place)
        return reason

    def _decision(
        self, item: Instruction, following: Instruction, reason: str | None, place: Place
    ) -> Decision:
        known = None
        if item.keyword == "RUN" and reason is None:
            known = facts(following.rest, place.dialect or "posix")
        shrinks = known is not None and known.cleans
        gain = "no layer less" if item.keyword in _METADATA else "one layer less"
        if shrinks:
            gain += ", and fewer bytes if it removes what the first one made"
        return Decision(
            line=item.line,
            other=following.line,
            keyword=item.keyword,
            merged=reason is None,
            reason=reason or gain,
            shrinks=shrinks,
        )

    def groups(self) -> Iterator[Group]:
        """Yield the instructions that become one, with those that keep a shell of their own."""
        joins = {decision.other for decision in self.decisions if decision.merged}
        group: list[Instruction] = []
        for item in self.stage.instructions:
            if item.line in joins:
                group.append(item)
                continue
            yield from self._group(group)
            group = [item]
        yield from self._group(group)

    def _group(self, items: list[Instruction]) -> Iterator[Group]:
        if len(items) < 2:  # noqa: PLR2004 - one instruction is none to merge
            return
        place = self.place[items[0].line]
        wrapped = frozenset(self._wrapped(items, place)) if self.wrap else frozenset()
        yield Group(items=tuple(items), wrapped=wrapped, shell=place.shell)

    def _wrapped(self, items: list[Instruction], place: Place) -> Iterator[int]:
        if items[0].keyword != "RUN":
            return
        shared: list[Instruction] = []
        replaced = False
        for number, item in enumerate(items):
            last = number == len(items) - 1
            known = facts(item.rest, place.dialect or "posix")
            reason = replaced or (not last and left_reason(item, place))
            if reason or (number and (place.login or right_reason(item, shared, place))):
                yield number
            else:
                shared.append(item)
            replaced = replaced or known is None or known.moves_shell


def _earlier_pairs(group: list[Instruction], item: Instruction, escape: str) -> str | None:
    reasons = (pairs_reason(earlier, item, escape) for earlier in group)
    return next((reason for reason in reasons if reason), None)


def _moved(place: Place, item: Instruction) -> Place:
    """Return the state behind an instruction."""
    if item.keyword == "SHELL":
        return replace(place, shell=item.args)
    if item.keyword == "WORKDIR":
        path = item.args[0].strip("\"'")
        return replace(place, directory=posixpath.normpath(posixpath.join(place.directory, path)))
    if item.keyword in {"ENV", "ARG"} and any(pair.key == "BASH_ENV" for pair in item.pairs):
        return replace(place, reads_file=True)
    return place


def _chain(found: list[_Stage], one: _Stage) -> Iterator[_Stage]:
    """Yield a stage and those of the file that it is made from."""
    at: _Stage | None = one
    while at is not None:
        yield at
        at = None if at.above is None else found[at.above.index]


def _no_more_than(found: list[_Stage], most: int) -> None:
    """Keep only the merges that stages with more layers than that need, the best ones first."""
    wanted = {one.stage.index: one.decisions for one in found}
    for one in found:
        one.decisions = [
            replace(d, merged=False, reason="not needed to have so few layers") if d.merged else d
            for d in one.decisions
        ]
    for one in found:
        chain = list(_chain(found, one))
        options = [
            (not decision.shrinks, decision.line, each, number)
            for each in chain
            for number, decision in enumerate(wanted[each.stage.index])
            if decision.merged and not each.decisions[number].merged
        ]
        for _, _, each, number in sorted(options, key=lambda option: option[:2]):
            if sum(part.layers - part.saved for part in chain) <= most:
                break
            each.decisions[number] = wanted[each.stage.index][number]


def _require(found: list[_Stage], most: int, file: str) -> None:
    for one in found:
        left = sum(part.layers - part.saved for part in _chain(found, one))
        if left > most:
            raise DockerfileError(
                f"{one.stage.label} has {left} layers of its own after all merges, more than "
                f"{most}; --explain says what is in the way",
                file=file,
                line=one.stage.said.line,
            )


def _verify(dockerfile: Dockerfile, groups: list[Group], text: str) -> None:
    """Raise BugError unless BuildKit reads the new text as what was planned."""
    gone = {item.line for group in groups for item in group.items[1:]}
    merged = {group.items[0].line: expected(group, dockerfile) for group in groups}
    planned = [
        (item.keyword, [str(flag) for flag in item.flags], merged.get(item.line, item.rest))
        for item in dockerfile.instructions
        if item.line not in gone
    ]
    try:
        again = parse(text, file=dockerfile.file)
        validate(again)
    except DockerfileError as error:
        raise _bug(dockerfile, str(error)) from error
    read = [(i.keyword, [str(flag) for flag in i.flags], i.rest) for i in again.instructions]
    bodies = [found.content for item in dockerfile.walk() for found in item.heredocs]
    if read != planned or bodies != [f.content for item in again.walk() for f in item.heredocs]:
        other = next((str(new) for new, old in zip(read, planned, strict=False) if new != old), "")
        raise _bug(dockerfile, f"it reads as {other}")


def _bug(dockerfile: Dockerfile, what: str) -> BugError:
    return BugError(
        f"the merged {dockerfile.file} is not what was planned, {what}; nothing was written, "
        "and this is a bug in emit: please report it"
    )
