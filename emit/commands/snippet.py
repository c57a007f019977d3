"""emit snippet: Dockerfile text for pinned assets."""

from collections.abc import Sequence

import click

from emit.commands.options import complete_assets
from emit.console import meter, show, write


@click.command(
    epilog="""\b
Examples:
  emit snippet jq >>Dockerfile              a RUN that anyone reads at a glance
  emit snippet jq --style add               stages with ADD --checksum, and their use
  emit snippet jq --style rget              by rget.sh, mounted from the context
  emit snippet model --resume               blocks survive a failed build (BuildKit)
  emit snippet tool --style script          by `emit fetch tool -o get-tool.sh`, mounted
  emit snippet 'jqlang/jq@jq-1.7.1:jq-{os}-{arch}'
"""
)
@click.argument("specs", metavar="[SPEC]...", nargs=-1, shell_complete=complete_assets)
@click.option("-f", "config", default="emit.toml", metavar="FILE", help="Where assets are named.")
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option(
    "--style",
    type=click.Choice(("run", "add", "rget", "script", "sh")),
    default="run",
    help="How it is written (run).",
)
@click.option(
    "--part", type=click.Choice(("stages", "use")), help="Of --style add: the stages, or their use."
)
@click.option("--resume", is_flag=True, help="Keep verified blocks in a cache mount (BuildKit).")
@click.option("--frozen", is_flag=True, help="Ask nobody: emit.lock has it, or it is an error.")
@click.option("--install", default="", metavar="PATH", help="Where a SPEC of no emit.toml goes.")
@click.option("--unpack", multiple=True, metavar="MEMBER", help="... and what is unpacked of it.")
@click.option("--test", default="", metavar="COMMAND", help="... and what shows that it runs.")
def snippet(
    *,
    specs: Sequence[str],
    config: str,
    file: str,
    style: str,
    part: str | None,
    resume: bool,
    frozen: bool,
    install: str,
    unpack: tuple[str, ...],
    test: str,
) -> None:
    """Write a Dockerfile block for pinned assets, every architecture in it.

    SPEC is an asset of emit.toml, owner/repo@tag:pattern, or a URL. An asset of emit.toml
    comes between two comments: `emit sync` keeps what is between them up to date.
    """
    from pathlib import Path

    from emit.assets.choose import Options, choose
    from emit.managed import looks, wrap
    from emit.snippet import Look
    from emit.snippet import snippet as text_of

    look = Look(style=style, part=part or "", resume=resume)
    options = Options(install=install, unpack=unpack, test=test, frozen=frozen)
    with meter("asking") as progress:
        chosen = choose(specs, Path(config), options, progress=progress)
    texts = []
    for asset, pins in chosen:
        if asset.name in (specs or [asset.name]):
            texts += [wrap(asset, pins, part) for part in looks(look)]
        else:
            texts.append(text_of(asset, pins, look))
    text = "\n".join(texts)
    if file == "-":
        show(text)
    else:
        write(file, text)
