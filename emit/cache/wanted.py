"""What the user asked for, and whether it can be."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emit.errors import UsageError

STRATEGIES = ("auto", "registry", "inline", "push-pull", "none")

#: The variables that a script, a workflow, a job or a bake file sets for itself.
RESERVED = re.compile(
    "BRANCH|BUILDKIT|CACHE|CONTEXT|FALLBACK|FILE|IMAGE|ME|METADATA|PUSH|SCOPE|STAGES|TAG|"
    "code|dry|each|engine|failed|fallback|folder|how|job|pids?|scope|stage|staged|status|text|"
    "tmp|to|value|what"
)

# https://github.com/distribution/reference: a name, its host and a tag
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/)?"
_IMAGE = re.compile(rf"({_HOST}{_PART}(?:/{_PART})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?")
_SECRET = re.compile(r"(?:[\w.-]+=[^,\"\s]+,)*id=[^,\"\s]+(?:,[\w.-]+=[^,\"\s]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user asked for, as docker build takes it."""

    image: str
    context: str = "."
    cache: str = "auto"
    branch: str = "main"
    targets: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    network: str = ""


def passed(build_args: Sequence[str], secrets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a build takes from its environment: the option that says so, and the name."""
    for value in build_args:
        if "=" not in value:
            yield f"--build-arg {value}", value
    for secret in secrets:
        for field in secret.split(","):
            if field.startswith("env="):
                yield f"--secret {secret}", field.removeprefix("env=")


def image_name(option: str, name: str) -> tuple[str, str]:
    """Return the name and the tag, which may be empty; raises UsageError."""
    found = _IMAGE.fullmatch(name)
    if found is None:
        raise UsageError(
            f"{option} {name!r} is no image; write one such as registry.example.com/team/app:1.2, "
            "in lower case"
        )
    return found[1], found[2] or ""


def check(wanted: Wanted) -> None:
    """Raise UsageError for what cannot be, or what no file that is written could hold."""
    if wanted.cache not in STRATEGIES and not wanted.cache.startswith("local:"):
        known = ", ".join(STRATEGIES)
        raise UsageError(f"--cache {wanted.cache!r} is none of {known}, local:DIR")
    if wanted.cache == "local:":
        raise UsageError("--cache local: lacks its folder; write local:DIR")
    for secret in wanted.secrets:
        if not _SECRET.fullmatch(secret):
            raise UsageError(f"--secret {secret!r}: write id=NAME,env=VARIABLE or id=NAME,src=FILE")
    words = (wanted.context, wanted.cache, wanted.branch, wanted.network)
    for text in (*wanted.build_args, *wanted.secrets, *words):
        if not text.isprintable():
            raise UsageError(
                f"{text!r} holds a line break or another control character; for a build arg give "
                "--build-arg NAME alone, and the script takes its value from the environment"
            )
    if not wanted.branch or not wanted.context:
        raise UsageError("--branch and --context must not be empty")
    _check_passed(wanted)


def _check_passed(wanted: Wanted) -> None:
    for option, name in passed(wanted.build_args, wanted.secrets):
        if RESERVED.fullmatch(name):
            raise UsageError(
                f"{option}: what is written has a variable {name} of its own; take another name"
            )
        if option.startswith("--secret") and not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            raise UsageError(f"{option}: the name of a variable is letters, digits and _")
