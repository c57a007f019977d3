"""emit graph: the stages of a Dockerfile as a picture."""

from collections.abc import Sequence

import click

from emit.commands.options import (
    build_arg_option,
    complete_stage,
    dockerfile_option,
    platform_option,
)
from emit.console import as_json, compare, write_text
from emit.errors import UsageError

_BY_SUFFIX = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".json": "json",
}
_NOT_DRAWN = {".gif", ".jpeg", ".jpg", ".pdf", ".png", ".webp"}


@click.command(
    epilog="""\b
Examples:
  emit graph                            the stages step by step, on the terminal
  emit graph -o docs/stages.svg         the picture for a README
  emit graph test -o stages.svg         the same, with what the stage test needs
  emit graph app --needed               what app needs and nothing else
  emit graph --format mermaid           for a Markdown page that GitHub draws
  emit graph --format dot | dot -Tpng   by your own Graphviz
  emit graph -o stages.svg --check      in CI: is the picture up to date?
"""
)
@click.argument("stage", required=False, shell_complete=complete_stage)
@dockerfile_option
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "svg", "mermaid", "dot", "json"]),
    help="What to write; by default what FILE ends in, else text.",
)
@click.option("--needed", is_flag=True, help="Draw only what STAGE needs.")
@build_arg_option
@platform_option
@click.option("--json", "json_", is_flag=True, help="The same as --format json.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
def graph(
    *,
    stage: str | None,
    dockerfile: str,
    file: str,
    form: str | None,
    needed: bool,
    build_args: Sequence[str],
    platform: str | None,
    json_: bool,
    check: bool,
) -> None:
    """Draw which stage takes from which, what STAGE needs, and what can be built at once.

    Without STAGE it is the last one. The text ends with what the graph alone can know: stages
    that nobody needs, sources copied above the install step, ADD of a URL without a checksum.
    """
    from pathlib import Path

    from emit.dockerfile.load import load_graph
    from emit.graph import GraphPlan, only_needed, plan_graph

    def draw(plan: GraphPlan, form: str) -> str:
        if form == "json":
            return as_json(plan)
        if form == "svg":
            from emit.picture import as_svg

            return as_svg(plan)
        from emit.graph_text import as_dot, as_mermaid, as_text

        return {"text": as_text, "mermaid": as_mermaid, "dot": as_dot}[form](plan)

    suffix = Path(file).suffix.lower()
    if suffix in _NOT_DRAWN:
        raise UsageError(
            f"emit draws no {suffix}; write a .svg, or use --format dot | dot -T{suffix[1:]}"
        )
    chosen = "json" if json_ else form or _BY_SUFFIX.get(suffix, "text")
    plan = plan_graph(load_graph(dockerfile, build_args, platform, stage), stage)
    text = draw(only_needed(plan) if needed else plan, chosen)
    if check:
        compare(file, text)
    else:
        write_text(file, text)
