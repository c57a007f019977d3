"""The stages of a Dockerfile and what each takes from which, as BuildKit resolves it.

Source of the rules: frontend/dockerfile/dockerfile2llb/convert.go. In short: FROM takes the
nearest earlier stage whose lower-cased name it spells exactly; COPY --from takes the last
stage of that name in any case, or one by its number, and images that were taken from before
have numbers too; a mount takes by name only; ONBUILD of a base runs in its direct child.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from emit.dockerfile.lexer import Lexer, LexError
from emit.dockerfile.model import Dockerfile, Instruction
from emit.dockerfile.references import copy_source, mount_sources
from emit.dockerfile.variables import Settings, global_variables, settings
from emit.errors import DockerfileError, UsageError

SCRATCH = "scratch"
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+")
NUMBER = re.compile(r"[+-]?[0-9]{1,9}")  # as strconv.Atoi takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a stage takes from: a stage of the file by its index, or else an image.

    `kind` is `from`, `copy` or `mount`; `said` is the instruction that says so, in a stage
    that this one is made from where `onbuild` is true.
    """

    kind: str
    stage: int | None
    image: str
    said: Instruction
    onbuild: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One FROM and what follows it. `name` is lower-cased, empty where there is none.

    `base` is what FROM names, expanded with `variables`, and `platform` its flag, expanded.
    """

    index: int
    name: str
    base: str
    platform: str | None
    variables: frozenset[str]
    said: Instruction
    instructions: tuple[Instruction, ...]
    uses: tuple[Use, ...] = ()

    @property
    def label(self) -> str:
        """The name, or what BuildKit calls a stage that has none."""
        return self.name or f"stage-{self.index}"

    @property
    def parent(self) -> int | None:
        """The index of the stage that this one is made from, None for an image."""
        return self.uses[0].stage if self.uses else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageGraph:
    """All stages of a Dockerfile, in order, and the variables that FROM saw."""

    dockerfile: Dockerfile
    settings: Settings
    variables: Mapping[str, str]
    stages: tuple[Stage, ...]

    def find(self, name: str) -> Stage:
        """Return the stage that `docker build --target` would build, or the one of a number.

        Raises UsageError, which names the nearest.
        """
        if name.isdecimal() and int(name) < len(self.stages):
            return self.stages[int(name)]
        for stage in reversed(self.stages):
            if stage.name and stage.name == name.lower():
                return stage
        names = [stage.name for stage in self.stages if stage.name]
        near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5) or names
        cure = f"there are {', '.join(near)}" if near else "none of them has a name"
        if near and near != names:
            cure = f"did you mean {' or '.join(near)}?"
        raise UsageError(f"{self.dockerfile.file} has no stage {name!r}; {cure}")

    def needed(self, target: Stage) -> set[int]:
        """Return the indices of the stages that building the target builds, itself included.

        Raises DockerfileError where one takes from a stage that is not defined before it.
        """
        todo, found = [target.index], set()
        while todo:
            stage = self.stages[todo.pop()]
            found.add(stage.index)
            below = {
                self._earlier(stage, use, use.stage) for use in stage.uses if use.stage is not None
            }
            todo.extend(below - found)
        return found

    def _earlier(self, stage: Stage, use: Use, index: int) -> int:
        if index < stage.index:
            return index
        other = self.stages[index]
        where = (
            "is this very stage" if other is stage else f"begins below, in line {other.said.line}"
        )
        raise DockerfileError(
            f"{stage.label} takes from {other.label}, which {where}; define it above",
            file=self.dockerfile.file,
            line=use.said.line,
        )

    def levels(self, indices: Iterable[int]) -> list[list[int]]:
        """Return the stages in groups: those of one group can be built at the same time."""
        level: dict[int, int] = {}
        for index in sorted(indices):
            below = [
                level.get(use.stage, -1) for use in self.stages[index].uses if use.stage is not None
            ]
            level[index] = 1 + max(below, default=-1)
        groups: list[list[int]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
        for index, number in level.items():
            groups[number].append(index)
        return groups

    def candidates(self, stage: Stage) -> list[Stage]:
        """Return the earlier stages that a FROM may name, whatever its variables are."""
        written = stage.said.args[0].replace('"', "").replace("'", "")
        pattern = _VARIABLE.sub("*", written)
        if pattern == written:
            return []
        earlier = self.stages[: stage.index]
        return [other for other in earlier if other.name and fnmatchcase(other.name, pattern)]

    def leaves(self) -> list[Stage]:
        """Return the stages that no other takes from, the last one excepted."""
        used = {use.stage for stage in self.stages for use in stage.uses}
        return [stage for stage in self.stages[:-1] if stage.index not in used]


def stage_graph(dockerfile: Dockerfile, chosen: Settings | None = None) -> StageGraph:
    """Return the stages and their uses; raises DockerfileError for what BuildKit refuses.

    The Dockerfile has passed `validate`. `chosen` is what the build is told, by default
    nothing: the defaults of each ARG and this machine's platform.
    """
    chosen = chosen or settings()
    return _Builder(dockerfile, chosen).run()


class _Builder:
    """Goes through a file as BuildKit does, with its one list of stages and images."""

    def __init__(self, dockerfile: Dockerfile, chosen: Settings) -> None:
        self.dockerfile = dockerfile
        self.settings = chosen
        self.groups = list(_groups(dockerfile))
        if not chosen.target:
            chosen = replace(chosen, target=_name(self.groups[-1][0]))
        self.variables = global_variables(dockerfile, chosen)
        self.lexer = Lexer(escape=dockerfile.escape)
        self.names: dict[str, int] = {}
        self.states: list[int | str] = []

    def run(self) -> StageGraph:
        parents = [self._parent(said) for said, _ in self.groups]
        own = [self._uses(following) for _, following in self.groups]
        stages = []
        for index, (said, following) in enumerate(self.groups):
            base, platform, variables, parent = parents[index]
            first = Use(kind="from", stage=parent, image=base, said=said)
            triggered = self._triggered(parent)
            stages.append(
                Stage(
                    index=index,
                    name=_name(said),
                    base=base,
                    platform=platform,
                    variables=variables,
                    said=said,
                    instructions=following,
                    uses=(first, *triggered, *own[index]),
                )
            )
        return StageGraph(
            dockerfile=self.dockerfile,
            settings=self.settings,
            variables=self.variables,
            stages=tuple(stages),
        )

    def _parent(self, said: Instruction) -> tuple[str, str | None, frozenset[str], int | None]:
        """Resolve FROM, and give the stage its name and number."""
        base, named = self._expanded(said.args[0], said)
        if not base:
            raise self._empty(f"FROM {said.args[0]}", named, said)
        flag, platform = said.flag("platform"), None
        if flag is not None:
            platform, more = self._expanded(flag, said)
            named |= more
            if not platform:
                raise self._empty(f"--platform={flag}", more, said)
        parent = self.names.get(base)
        if _name(said):
            self.names[_name(said)] = len(self.states)
        self.states.append(len(self.states))
        return base, platform, named, parent

    def _expanded(self, text: str, said: Instruction) -> tuple[str, frozenset[str]]:
        try:
            found = self.lexer.expand(text, self.variables)
        except LexError as error:
            raise self._error(f"{text}: {error}; correct it", said) from error
        return found.result, found.matched | found.unmatched

    def _triggered(self, parent: int | None) -> tuple[Use, ...]:
        if parent is None:
            return ()
        triggers = [item.trigger for item in self.groups[parent][1] if item.trigger is not None]
        return tuple(replace(use, onbuild=True) for use in self._uses(triggers))

    def _uses(self, instructions: Iterable[Instruction]) -> list[Use]:
        return [use for item in instructions for use in self._used(item)]

    def _used(self, item: Instruction) -> Iterator[Use]:
        try:
            copied, mounted = copy_source(item, self.dockerfile.escape), mount_sources(item)
        except ValueError as error:
            raise self._error(str(error), item) from error
        if copied is not None:
            yield self._use("copy", self._number(copied, item), item)
        for name in mounted:
            use = self._use("mount", self._named(name or SCRATCH), item)
            if name or use.stage is not None:
                yield use

    def _use(self, kind: str, state: int | str, item: Instruction) -> Use:
        if isinstance(state, int):
            return Use(kind=kind, stage=state, image="", said=item)
        return Use(kind=kind, stage=None, image=state, said=item)

    def _number(self, name: str, item: Instruction) -> int | str:
        if not NUMBER.fullmatch(name):
            return self._named(name)
        if not 0 <= int(name) < len(self.states):
            raise self._error(f"--from={name}: there is no stage {name}; count from 0", item)
        return self.states[int(name)]

    def _named(self, name: str) -> int | str:
        index = self.names.get(name.lower())
        if index is not None:
            return index
        self.states.append(name)
        return name

    def _empty(self, what: str, names: Iterable[str], said: Instruction) -> DockerfileError:
        cure = " ".join(f"--build-arg {name}=..." for name in sorted(names)) or "a name"
        return self._error(f"{what} is empty; give {cure}", said)

    def _error(self, message: str, item: Instruction) -> DockerfileError:
        return DockerfileError(message, file=self.dockerfile.file, line=item.line)


def _groups(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, tuple[Instruction, ...]]]:
    starts = [i for i, item in enumerate(dockerfile.instructions) if item.keyword == "FROM"]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        yield dockerfile.instructions[start], dockerfile.instructions[start + 1 : end]


def _name(said: Instruction) -> str:
    return said.args[2].lower() if len(said.args) > 1 else ""
