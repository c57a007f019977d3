"""emit sync: managed blocks, written anew."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from emit.console import complain, say, show_diff

if TYPE_CHECKING:
    from pathlib import Path

    from emit.assets.config import Config
    from emit.assets.lockfile import Pins
    from emit.sync import Stale


@click.command(
    epilog="""\b
Examples:
  emit sync                       Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile
  emit sync images/*/Dockerfile   these
  emit sync --check               write nothing; exit 1 and show what is stale

\b
A managed block stands between two comments; a new one begins as
  # emit: begin jq
  # emit: end jq
with the options of `emit snippet` behind the name: --style, --part, --resume.
"""
)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("-f", "config", default="emit.toml", metavar="FILE", help="Where assets are named.")
@click.option("--force", is_flag=True, help="Write over what was edited by hand, too.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show what is stale.")
def sync(*, files: Sequence[str], config: str, force: bool, check: bool) -> None:
    """Write the managed blocks of Dockerfiles and scripts anew, and nothing else.

    Every other byte of a file stays. A block that was edited by hand is not touched: the
    edit is shown, and emit exits with 1.
    """
    from pathlib import Path

    if not write_blocks(Path(config), files, force=force, check=check):
        raise SystemExit(1)


def write_blocks(config: "Path", files: Sequence[str], *, force: bool, check: bool) -> bool:
    """Write what is stale; return whether all is now as it should be."""
    from emit.assets.config import read_config
    from emit.assets.lockfile import lock_beside, read_lock
    from emit.output import write_plain
    from emit.sync import files_of, read_document, synced

    known = read_config(config)
    pins = read_lock(lock_beside(config))
    found = stale_blocks(known, pins, files)
    kept = [each for each in found if check or (each.block.edited and not force)]
    show_stale(kept)
    for document in [read_document(file) for file in files_of(known, files)]:
        written = [each for each in found if each not in kept and each.block in document.blocks]
        if written:
            write_plain(document.file, synced(document, written))
        for each in written:
            say(f"{each.block.place}: {each.block.name} written")
    return not kept


def stale_blocks(known: "Config", pins: "Pins", files: Sequence[str]) -> "list[Stale]":
    """Return the blocks of all files that are not what emit writes."""
    from emit.sync import files_of, read_document, stale

    documents = [read_document(file) for file in files_of(known, files)]
    return [each for document in documents for each in stale(document, known, pins)]


def show_stale(found: "Sequence[Stale]") -> None:
    """Show each block's difference, and say what to do."""
    for each in found:
        show_diff(each.difference())
        cure = "undo it, or `emit sync --force`" if each.block.edited else "run `emit sync`"
        complain(f"{each.block.place}: {each.block.name} {each.why}; {cure}", 1)
