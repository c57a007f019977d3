"""The plan as a workflow of GitHub, a job of GitLab or a bake file: what their templates name.

All three build with a builder that exports caches, so their strategy is `registry`.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emit.cache.plan import CachePlan, slug
from emit.cache.script import options
from emit.cache.wanted import passed
from emit.errors import UsageError

TEMPLATES = {
    "github": "cache/github.yml.j2",
    "gitlab": "cache/gitlab.yml.j2",
    "bake": "cache/bake.hcl.j2",
}
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A stage that is built for its own sake, `target` is what bake calls it.

    `name` is empty for a last stage without one, `suffix` goes behind the tag of an image.
    """

    label: str
    name: str
    target: str
    image: bool
    suffix: str
    options: tuple[tuple[str, str], ...]


def values(plan: CachePlan, form: str) -> dict[str, object]:
    """Return what the template of a form may name; raises UsageError."""
    _check(plan, form)
    given = {name: value if equals else None for name, equals, value in _pairs(plan)}
    targets = _targets(plan.ends)
    ends = [_end(plan, label, target) for label, target in zip(plan.ends, targets, strict=True)]
    host = _host(plan.image)
    return {
        "title": f"{plan.file}: {' '.join(plan.ends)}",
        "version": plan.version,
        "image": plan.image,
        "tag": plan.tag,
        "branch": plan.branch,
        "scope": slug(plan.branch),
        "file": _below(plan.file, plan.context) if form == "bake" else plan.file,
        "context": plan.context,
        "host": host,
        "login": host or "docker.io",
        "ghcr": host == "ghcr.io",
        "environment": _environment(plan),
        "stages": ends,
        "leaves": " ".join(end.target for end in ends if not end.image),
        "images": " ".join(end.target for end in ends if end.image),
        "groups": [end.target for end in ends],
        "args": [(name, value) for name, value in given.items() if value is not None],
        "passed": [name for name, value in given.items() if value is None],
        "secrets": list(plan.secrets),
        "platforms": plan.platforms.split(",") if plan.platforms else [],
        "network": plan.network,
    }


def _check(plan: CachePlan, form: str) -> None:
    if plan.cache not in {"auto", "registry"}:
        raise UsageError(
            f"--format {form} sets up a builder whose cache is registry: --cache {plan.cache} "
            "is for --format sh"
        )
    for text in (*plan.build_args, *plan.secrets, plan.context, plan.file, plan.network):
        if form == "github" and "${{" in text:
            raise UsageError(f"{text!r} holds ${{{{, which GitHub expands in a workflow")
    for name, _, _ in _pairs(plan):
        if not _NAME.fullmatch(name):
            raise UsageError(f"--build-arg {name}: a name is letters, digits and _")


def _below(file: str, context: str) -> str:
    """Return the path of a file as bake takes it: from the context, where that is a folder."""
    if Path(file).is_absolute() or "://" in context:
        return file
    return os.path.relpath(file, context)


def _pairs(plan: CachePlan) -> list[tuple[str, str, str]]:
    return [value.partition("=") for value in plan.build_args]


def _targets(labels: Sequence[str]) -> list[str]:
    """Return what bake calls each stage: no dot may be in it, `default` is the group."""
    found = ["default"]
    for label in labels:
        name = re.sub(r"[^\w-]", "_", label, flags=re.ASCII)
        while name in found:
            name += "_"
        found.append(name)
    return found[1:]


def _end(plan: CachePlan, label: str, target: str) -> End:
    name = "" if label == plan.last else label
    return End(
        label=label,
        name=name,
        target=target,
        image=label in plan.targets,
        suffix=plan.suffix(label),
        options=(
            ("--file", plan.file),
            *((("--target", name),) if name else ()),
            *options(plan),
        ),
    )


def _host(image: str) -> str:
    """Return the registry's host as docker reads it, empty for Docker Hub."""
    first, slash, _ = image.partition("/")
    return first if slash and (re.search(r"[.:]", first) or first == "localhost") else ""


def _environment(plan: CachePlan) -> list[tuple[str, str]]:
    """Return what a job takes from GitHub's secrets and variables, by name and once.

    GitHub sets names that begin with GITHUB_ or RUNNER_ itself, but for its token.
    """
    secrets = [(name, "secrets") for _, name in passed((), plan.secrets)]
    variables = [
        (name, "vars")
        for _, name in passed(plan.build_args, ())
        if not name.startswith(("GITHUB_", "RUNNER_"))
    ]
    return list(dict([*variables, *secrets]).items())
