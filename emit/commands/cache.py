"""emit cache: a CI build of a Dockerfile whose caches hit."""

from pathlib import PurePath
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from emit.commands.options import complete_stage, dockerfile_option
from emit.console import as_json, compare, say, show, write, write_text

if TYPE_CHECKING:
    from emit.cache.plan import CachePlan

_FORMS = ("sh", "github", "gitlab", "bake")
_BY_END = {
    ".hcl": "bake",
    ".gitlab-ci.yml": "gitlab",
    ".github/workflows/*.yml": "github",
    ".github/workflows/*.yaml": "github",
}


class _Asked(TypedDict):
    """The command line, by click's names."""

    dockerfile: str
    image: str
    file: str
    form: str | None
    cache: str
    context: str
    targets: tuple[str, ...]
    skip: tuple[str, ...]
    build_args: tuple[str, ...]
    secrets: tuple[str, ...]
    platforms: tuple[str, ...]
    network: str
    branch: str
    dry_run: bool
    measure: bool
    change: str
    runs: int
    plan: bool
    check: bool


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ways to keep a cache that begin with what was typed."""
    from emit.cache.wanted import STRATEGIES

    del ctx, param
    return [name for name in (*STRATEGIES, "local:") if name.startswith(incomplete)]


@click.command(
    epilog="""\b
Examples:
  emit cache -i ghcr.io/me/app -o build.sh    then, in CI and at home: sh build.sh
  emit cache -i ghcr.io/me/app --dry-run      what is built, why, and how it is cached
  emit cache -i ghcr.io/me/app -o .github/workflows/image.yml --format github
  emit cache -i registry.example.com/app --format gitlab -o .gitlab-ci.yml
  emit cache -i ghcr.io/me/app -o docker-bake.hcl
  emit cache -i ghcr.io/me/app --secret id=npm,env=NPM_TOKEN --build-arg VERSION
  emit cache -i ghcr.io/me/app --measure --change src/main.c    which way is the fastest?
  emit cache -i ghcr.io/me/app -o build.sh --check    in CI: is the script up to date?
"""
)
@dockerfile_option
@click.option("-i", "--image", required=True, metavar="IMAGE[:TAG]", help="What is built.")
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option(
    "--format", "form", type=click.Choice(_FORMS), help="What to write (sh; bake for FILE.hcl)."
)
@click.option(
    "--cache",
    default="auto",
    metavar="HOW",
    shell_complete=_complete,
    help="auto, registry, inline, local:DIR, push-pull or none; the script takes CACHE, too.",
)
@click.option("-p", "--context", default=".", metavar="DIR", help="The build context (.).")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="STAGE",
    shell_complete=complete_stage,
    help="The stage of the image (the last); again for more, whose tags end in -STAGE.",
)
@click.option(
    "--skip",
    multiple=True,
    metavar="STAGE",
    shell_complete=complete_stage,
    help="A leaf stage not to build; repeatable.",
)
@click.option(
    "--build-arg",
    "build_args",
    multiple=True,
    metavar="NAME[=VALUE]",
    help="As docker build takes it; NAME alone is read when the script runs.",
)
@click.option("--secret", "secrets", multiple=True, metavar="id=...", help="As docker build's.")
@click.option("--platform", "platforms", multiple=True, metavar="OS/ARCH", help="Again for more.")
@click.option("--network", default="", metavar="MODE", help="As docker build's.")
@click.option("--branch", default="main", metavar="NAME", help="Whose cache helps others (main).")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what is built and why.")
@click.option("--measure", is_flag=True, help="Write nothing; try each way on empty engines.")
@click.option("--change", default="", metavar="FILE", help="... with FILE of the context changed.")
@click.option("--runs", default=1, metavar="N", type=click.IntRange(1), help="... N times (1).")
@click.option("--plan", is_flag=True, help="Write nothing; print the decisions as JSON.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
def cache(**asked: Unpack[_Asked]) -> None:
    """Write the script that builds IMAGE in CI so that the cache of every stage hits.

    It finds out what the docker it meets can do. Stages that nobody takes from are built
    before the image, for they may be tests.
    """
    if (asked["change"] or asked["runs"] > 1) and not asked["measure"]:
        raise click.UsageError("--change and --runs are for --measure")
    planned = _plan(asked)
    if asked["plan"]:
        show(as_json(planned))
    elif asked["dry_run"]:
        from emit.cache.say import explain

        show(explain(planned))
    elif asked["measure"]:
        from emit.cache.measure import measure, table

        trials = measure(planned, change=asked["change"], runs=asked["runs"], told=say)
        show("\n".join(table(trials)) + "\n")
    else:
        _write(planned, asked)


def _plan(asked: _Asked) -> "CachePlan":
    from emit.cache.plan import plan_cache
    from emit.cache.wanted import Wanted
    from emit.dockerfile.load import load_graph

    platforms, targets = asked["platforms"], asked["targets"]
    graph = load_graph(
        asked["dockerfile"],
        asked["build_args"],
        platforms[0] if platforms else None,
        targets[0] if targets else None,
    )
    names = Wanted.__dataclass_fields__
    return plan_cache(graph, Wanted(**{name: asked[name] for name in names}))  # type: ignore[literal-required]


def _write(planned: "CachePlan", asked: _Asked) -> None:
    file = asked["file"]
    ends = (end for end in _BY_END if PurePath(file).match(f"*{end}"))
    form = asked["form"] or _BY_END.get(next(ends, ""), "sh")
    if form == "sh":
        from emit.cache.script import TEMPLATE, values
        from emit.compose import compose

        text = compose(
            TEMPLATE, values(planned, me="build.sh" if file == "-" else PurePath(file).name)
        )
    else:
        from emit.cache import forms
        from emit.render import render

        text = render(forms.TEMPLATES[form], forms.values(planned, form))
    if asked["check"]:
        compare(file, text)
    else:
        (write if form == "sh" else write_text)(file, text)
