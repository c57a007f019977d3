"""emit fetch: a script for pinned assets."""

from collections.abc import Sequence

import click

from emit.commands.options import complete_assets
from emit.console import as_json, compare, meter, show, write


@click.command(
    epilog="""\b
Examples:
  emit fetch jq -o get-jq.sh                   an asset of emit.toml, as emit.lock pins it
  emit fetch -o get-all.sh                     all of them
  emit fetch jq -o get-jq.sh --check           in CI: is the script up to date?
  emit fetch 'jqlang/jq@jq-1.7.1:jq-{os}-{arch}' --test 'jq --version'
  emit fetch https://example.com/t.tar.gz --unpack t/bin/t --install /usr/local/bin/t
"""
)
@click.argument("specs", metavar="[SPEC]...", nargs=-1, shell_complete=complete_assets)
@click.option("-f", "config", default="emit.toml", metavar="FILE", help="Where assets are named.")
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option("--install", default="", metavar="PATH", help="Where a SPEC of no emit.toml goes.")
@click.option("--unpack", multiple=True, metavar="MEMBER", help="... and what is unpacked of it.")
@click.option("--test", default="", metavar="COMMAND", help="... and what shows that it runs.")
@click.option("--frozen", is_flag=True, help="Ask nobody: emit.lock has it, or it is an error.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
@click.option("--plan", is_flag=True, help="Write nothing; print the decisions as JSON.")
def fetch(
    *,
    specs: Sequence[str],
    config: str,
    file: str,
    install: str,
    unpack: tuple[str, ...],
    test: str,
    frozen: bool,
    check: bool,
    plan: bool,
) -> None:
    """Write one script that fetches pinned assets, with everything it needs to know in it.

    SPEC is an asset of emit.toml, owner/repo@tag:pattern, or a URL. The script asks no API
    and needs no more than a stock Alpine holds, or GNU wget or curl.
    """
    from pathlib import Path

    from emit.assets.choose import Options, choose
    from emit.compose import compose
    from emit.fetch import TEMPLATE, plan_fetch

    options = Options(install=install, unpack=unpack, test=test, frozen=frozen)
    with meter("asking") as progress:
        chosen = choose(specs, Path(config), options, progress=progress)
    planned = plan_fetch(chosen, me=Path(file).name)
    if plan:
        show(as_json(planned))
        return
    text = compose(TEMPLATE, planned.values())
    if check:
        compare(file, text)
    else:
        write(file, text)
