"""emit pattern: a commented multi-stage skeleton."""

from typing import TypedDict, Unpack

import click
from click.shell_completion import CompletionItem

from emit.commands.options import complete_images
from emit.console import as_json, compare, show, write_text


class _Filled(TypedDict):
    """What a skeleton is filled with, by the names of `plan_pattern`."""

    base: str
    tools: str
    name: str
    build: str
    test: str
    install: str
    lock: tuple[str, ...]


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the patterns that begin with what was typed."""
    from emit.pattern import PATTERNS

    del ctx, param
    return [
        CompletionItem(name, help=idea)
        for name, idea in PATTERNS.items()
        if name.startswith(incomplete)
    ]


@click.command(
    epilog="""\b
Examples:
  emit pattern --list
  emit pattern builder-app -o Dockerfile       builds as it is, then make it yours
  emit pattern deps-first --tools node:22-alpine --base node:22-alpine \\
      --lock package.json --lock package-lock.json --install 'npm ci' --build 'npm run build'
  emit pattern tested-app --test 'make check' | emit graph -f -
"""
)
@click.argument("chosen", required=False, metavar="NAME", shell_complete=_complete)
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option("--list", "list_", is_flag=True, help="Write nothing; list the patterns.")
@click.option("--json", "json_", is_flag=True, help="With --list: as JSON.")
@click.option(
    "--base",
    default="alpine:3.20",
    metavar="IMAGE",
    shell_complete=complete_images,
    help="What runs (alpine:3.20).",
)
@click.option(
    "--tools",
    default="",
    metavar="IMAGE",
    shell_complete=complete_images,
    help="What builds (the base).",
)
@click.option("--name", default="app", metavar="NAME", help="Of stage and program (app).")
@click.option("--build", default="", metavar="COMMAND", help="Installs the program below /out.")
@click.option("--test", default="", metavar="COMMAND", help="tested-app: fails if it is wrong.")
@click.option("--install", default="", metavar="COMMAND", help="deps-first: by the lock file.")
@click.option("--lock", multiple=True, metavar="FILE", help="deps-first: repeatable.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
@click.option("--plan", is_flag=True, help="Write nothing; print the decisions as JSON.")
def pattern(
    *,
    chosen: str | None,
    file: str,
    list_: bool,
    json_: bool,
    check: bool,
    plan: bool,
    **filled: Unpack[_Filled],
) -> None:
    """Write the multi-stage Dockerfile called NAME: one idea, said in its comments."""
    from emit.pattern import PATTERNS, plan_pattern
    from emit.render import render

    if list_:
        lines = (f"{each:13}{idea}\n" for each, idea in PATTERNS.items())
        show(as_json(PATTERNS) if json_ else "".join(lines))
        return
    if chosen is None:
        raise click.UsageError("which one? --list tells")
    planned = plan_pattern(chosen, **filled)
    if plan:
        show(as_json(planned))
        return
    text = render(planned.template, planned.values())
    if check:
        compare(file, text)
    else:
        write_text(file, text)
