"""emit minify: the Dockerfile with fewer layers, same meaning."""

import sys

import click

from emit.commands.options import build_arg_option, dockerfile_option, platform_option
from emit.console import as_json, complain, say, show, show_diff, write_text


@click.command(
    epilog="""\b
Examples:
  emit minify                          what can be merged without a doubt, to stdout
  emit minify -o Dockerfile            in place
  emit minify --diff                   what would change
  emit minify --explain                each pair of neighbours: merged, or why not
  emit minify --wrap                   ... and the others, each RUN in a shell of its own
  emit minify --max-layers 100         no more merges than that takes
  emit minify --check                  in CI: exit 1 when something can be merged
"""
)
@dockerfile_option
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option(
    "--safe/--wrap",
    default=True,
    help="Join by && where nothing changes (default), or keep one shell for each RUN.",
)
@click.option("--metadata", is_flag=True, help="Merge ENV and LABEL too, which saves no layer.")
@click.option(
    "--max-layers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Merge only until no stage adds more than N layers to its base; fail if it does.",
)
@click.option("--explain", is_flag=True, help="Write nothing; tell each decision.")
@click.option("--diff", is_flag=True, help="Write nothing; show the difference.")
@click.option("--json", "json_", is_flag=True, help="Write nothing; report as JSON.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show what can be merged.")
@build_arg_option
@platform_option
def minify(
    *,
    dockerfile: str,
    file: str,
    safe: bool,
    metadata: bool,
    max_layers: int | None,
    explain: bool,
    diff: bool,
    json_: bool,
    check: bool,
    build_args: tuple[str, ...],
    platform: str | None,
) -> None:
    """Merge neighbouring RUNs and COPYs of a Dockerfile where the image stays the same.

    Every line that is not merged stays as it is. A merge saves a layer, bytes only where a
    later command removes what an earlier one made, and costs a cache key.
    """
    from emit.dockerfile.load import load_graph
    from emit.merge import plan_merge
    from emit.merge_report import explain as explained
    from emit.merge_report import summary

    graph = load_graph(dockerfile, build_args, platform)
    plan = plan_merge(graph, wrap=not safe, metadata=metadata, most=max_layers)
    if json_:
        show(as_json(plan))
    elif explain:
        show(explained(plan))
    elif diff or check:
        from emit.output import unified

        show_diff(unified(plan.file, graph.dockerfile.text, plan.text))
        if check and plan.merges:
            cure = "" if dockerfile == "-" else f"; run the same with -o {dockerfile}"
            sys.exit(complain(summary(plan) + cure, 1))
    else:
        write_text(file, plan.text)
        say(summary(plan))
