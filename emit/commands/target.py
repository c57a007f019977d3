"""emit target: the Dockerfile with only the stages that one of them needs."""

from collections.abc import Sequence

import click

from emit.commands.options import (
    build_arg_option,
    complete_stage,
    dockerfile_option,
    platform_option,
)
from emit.console import as_json, compare, say, show, write_text


@click.command(
    epilog="""\b
Examples:
  emit target build -o Dockerfile.build    the lines that the stage build needs
  emit target                              those that the last stage needs, to stdout
  emit target app | docker build -f - .    the same image as docker build --target app .
  emit target app --platform linux/arm64   where FROM base-${TARGETARCH} chooses a stage
  emit target --list                       the stages, what each is made from and by whom used
  emit target app --json                   kept, dropped, context files, which ARG decided
"""
)
@click.argument("stage", required=False, shell_complete=complete_stage)
@dockerfile_option
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@build_arg_option
@platform_option
@click.option("--all-variants", is_flag=True, help="Keep each stage that FROM $ARG may name.")
@click.option(
    "--keep-args",
    type=click.Choice(["all", "used"]),
    default="all",
    help="Which global ARGs to keep (all).",
)
@click.option("--list", "list_", is_flag=True, help="Write nothing; list the stages.")
@click.option("--json", "json_", is_flag=True, help="Write nothing; report as JSON.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
def target(
    *,
    stage: str | None,
    dockerfile: str,
    file: str,
    build_args: Sequence[str],
    platform: str | None,
    all_variants: bool,
    keep_args: str,
    list_: bool,
    json_: bool,
    check: bool,
) -> None:
    """Write the Dockerfile that STAGE needs: its lines and those of the stages below it.

    It builds to the same image as docker build --target STAGE. Nothing is rewritten except
    the numbers in --from=N. Without STAGE it is the last one.
    """
    from emit.dockerfile.load import load_graph
    from emit.target import listing, plan_target, stage_report

    graph = load_graph(dockerfile, build_args, platform, stage)
    if list_:
        show(as_json(stage_report(graph, stage)) if json_ else listing(graph, stage))
        return
    plan = plan_target(graph, stage, all_variants=all_variants, used_args=keep_args == "used")
    if json_:
        show(as_json(plan))
        return
    for pin in plan.pinned:
        say(f"{plan.file}:{pin.line}: {pin}")
    if check:
        compare(file, plan.text)
    else:
        write_text(file, plan.text)
