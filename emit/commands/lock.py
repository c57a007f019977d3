"""emit lock: every asset of emit.toml, pinned."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from emit.commands.options import complete_assets
from emit.console import complain, meter, say, show

if TYPE_CHECKING:
    from emit.assets.lockfile import Pin


@click.command(
    epilog="""\b
Examples:
  emit lock                   ask for what is new or has changed, write emit.lock
  emit lock --renew jq        ask for jq again, though nothing has changed
  emit lock --check           offline: is everything in emit.toml locked?

\b
Tokens, each sent to its own forge's API and to no other host:
  GITHUB_TOKEN or GH_TOKEN, GITLAB_TOKEN, GITEA_TOKEN, EMIT_TOKEN_<HOST>
"""
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_assets)
@click.option("-f", "file", default="emit.toml", metavar="FILE", help="What to lock (emit.toml).")
@click.option("--renew", is_flag=True, help="Ask for the assets named, or for all, anew.")
@click.option("--check", is_flag=True, help="Ask nobody; exit 1 and say what is not locked.")
@click.option("--frozen", is_flag=True, help="Ask nobody; fail at the first that is not locked.")
def lock(*, names: Sequence[str], file: str, renew: bool, check: bool, frozen: bool) -> None:
    """Pin every asset of emit.toml, for every platform, in emit.lock beside it.

    A build then asks nobody what an asset is: emit.lock has its URL, size and sha256, and
    of a large one the sha256 of each block. What is locked already is not asked for again.
    """
    from pathlib import Path

    from emit.assets.config import read_config
    from emit.assets.lock import make_pins, merge
    from emit.assets.lockfile import (
        differences,
        lock_beside,
        lock_text,
        locked,
        read_lock,
        unlocked,
        wanted,
    )
    from emit.output import write_plain

    config = read_config(Path(file))
    beside = lock_beside(config.file)
    pins = read_lock(beside)
    if check:
        _compare(str(beside), list(differences(config, pins)))
        return
    chosen = [config.asset(name) for name in names] or list(config.assets.values())
    if frozen:
        for asset in chosen:
            locked(asset, pins)
        return
    todo = wanted(chosen) if renew else unlocked(chosen, pins)
    with meter(f"locking {len(todo)}") as progress:
        made = make_pins(todo, progress=progress)
    kept = merge(config.assets.values(), pins, made.pins)
    write_plain(beside, lock_text(kept))
    for pin in made.pins:
        say(_line(pin))
    for error in made.errors:
        complain(str(error), error.exit_code)
    if made.errors:
        raise SystemExit(1)
    say(f"{beside}: {len(kept)} pinned, {len(made.pins)} of them new")


def _compare(beside: str, said: list[str]) -> None:
    if said:
        show("".join(f"{line}\n" for line in said))
        raise SystemExit(complain(f"{beside} is not what emit.toml asks for: run `emit lock`", 1))


def _line(pin: "Pin") -> str:
    from emit.units import shown

    blocks = f" in {len(pin.blocks)} blocks" if pin.blocks else ""
    return f"{pin.name} {pin.platform}: {shown(pin.size)}{blocks}, sha256 {pin.sha256}"
