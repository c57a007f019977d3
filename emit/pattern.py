"""Multi-stage skeletons by name: each has one idea, says it in its comments, and builds as it is.

The first five are those of orisano's talk "Multi-stage Builds Patterns & Practice".
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from emit.cache.wanted import image_name
from emit.dockerfile.parse import parse
from emit.dockerfile.stages import SCRATCH
from emit.errors import DockerfileError, UsageError

PATTERNS = {
    "builder-app": "what builds the program stays out of the image that runs it",
    "alias-image": "images from elsewhere get a name in one place, at the top",
    "tested-app": "the image is made of files that have passed the tests",
    "inner-base": "what several stages have in common is one stage, built once",
    "split-step": "steps that do not need each other are stages of their own",
    "deps-first": "the lock file comes before the sources, which change more often",
}
#: What the patterns call their own stages.
STAGES = frozenset({"assets", "base", "builder", "deps", "program", "runtime", "test", "tools"})
_NAME = re.compile(r"[a-z][a-z0-9_.-]*")
_LOCK = "*.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPlan:
    """What a skeleton is filled with; `build`, `install` and `lock` are empty for stand-ins."""

    pattern: str
    base: str
    tools: str
    name: str
    build: str
    test: str
    install: str
    lock: tuple[str, ...]

    @property
    def template(self) -> str:
        """Its path below the template folder."""
        return f"pattern/{self.pattern}.Dockerfile.j2"

    def values(self) -> dict[str, object]:
        """Return what the template may name."""
        run = f"/usr/local/bin/{self.name}"
        return {
            "pattern": self.pattern,
            "base": self.base,
            "tools": self.tools,
            "name": self.name,
            "run": run,
            "build": self.build,
            "test": self.test or f"test -x /out{run}",
            "install": self.install or "find . -type f -exec sha256sum {} + >/var/cache/installed",
            "lock": " ".join(self.lock or (_LOCK,)),
            "stand_in": not self.build,
            "stand_in_lock": not self.lock,
        }


def plan_pattern(
    pattern: str,
    *,
    base: str,
    tools: str = "",
    name: str = "app",
    build: str = "",
    test: str = "",
    install: str = "",
    lock: Sequence[str] = (),
) -> PatternPlan:
    """Fill a skeleton; `tools` is the image that builds, by default the base.

    Raises UsageError, which names the nearest pattern.
    """
    if pattern not in PATTERNS:
        near = difflib.get_close_matches(pattern, PATTERNS, n=1, cutoff=0.4)
        guess = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"no pattern {pattern!r}: {guess}there are {', '.join(PATTERNS)}")
    if not _NAME.fullmatch(name):
        raise UsageError(f"--name {name!r} names a stage and a program: a-z, 0-9, _ . and -")
    if name in STAGES:
        raise UsageError(f"--name {name!r} is what the patterns call another stage; take another")
    for option, given, of in (
        ("--test", test, "tested-app"),
        ("--install", install, "deps-first"),
        ("--lock", lock, "deps-first"),
    ):
        if given and pattern != of:
            raise UsageError(f"{option} is for {of}: nothing of {pattern} takes it")
    _check_tools(pattern, base, tools)
    for option, image in (("--base", base), ("--tools", tools or base)):
        image_name(option, re.sub(r"@sha256:[0-9a-f]{64}$", "", image))
    for option, command in (("--build", build), ("--test", test), ("--install", install)):
        _check(option, command)
    if any(re.search(r"[\s\\<\[\"]|^-|^$", file) for file in lock):
        raise UsageError("--lock names one file each; its name has no blank, quote or backslash")
    return PatternPlan(
        pattern=pattern,
        base=base,
        tools=tools or base,
        name=name,
        build=build,
        test=test,
        install=install,
        lock=tuple(lock),
    )


def _check_tools(pattern: str, base: str, tools: str) -> None:
    if tools and pattern == "inner-base":
        raise UsageError("--tools: all of inner-base is made from one image; give --base")
    if (tools or base) == SCRATCH:
        raise UsageError("--tools: no command runs in scratch; give an image that builds")


def _check(option: str, command: str) -> None:
    """Refuse what is not the one RUN that it is to become."""
    if not command:
        return
    try:
        said = parse(f"FROM x\nRUN {command}\n").instructions[1:] if command.isprintable() else ()
    except DockerfileError:
        said = ()
    if len(said) != 1 or said[0].heredocs or said[0].rest != command.strip():
        raise UsageError(f"{option} {command!r} is not one line of shell as RUN takes it")
