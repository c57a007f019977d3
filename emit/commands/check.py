"""emit check: the gate for CI and for pre-commit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from emit.console import as_json, complain, meter, say, show

if TYPE_CHECKING:
    from emit.assets.config import Config
    from emit.assets.lockfile import Pins


@click.command(
    epilog="""\b
Examples:
  emit check                   offline: emit.toml, emit.lock and every managed block agree
  emit check --online          ... and no asset was uploaded again under its name
  emit check --json            for a program to read

\b
In .pre-commit-config.yaml, with this project as a repo: hooks: [{ id: emit-check }]
"""
)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("-f", "config", default="emit.toml", metavar="FILE", help="Where assets are named.")
@click.option("--online", is_flag=True, help="Ask the forges too: is it still the same asset?")
@click.option("--json", "json_", is_flag=True, help="Print what was found as JSON.")
def check(*, files: Sequence[str], config: str, online: bool, json_: bool) -> None:
    """Exit 1 where something is not as pinned, and show it; write nothing.

    That is: an asset that is not locked, or not for every platform; a managed block that is
    stale or was edited by hand, such as a URL changed without its digest; and with --online
    an asset that is gone, or has other bytes than it had.
    """
    from pathlib import Path

    from emit.assets.config import read_config
    from emit.assets.lockfile import differences, lock_beside, read_lock
    from emit.commands.sync import show_stale, stale_blocks

    known = read_config(Path(config))
    pins = read_lock(lock_beside(known.file))
    said = list(differences(known, pins))
    found = [] if said else stale_blocks(known, pins, files)
    gone = _changed(known, pins) if online and not said else []
    if json_:
        blocks = [
            {"place": each.block.place, "asset": each.block.name, "why": each.why,
             "diff": "".join(each.difference())}
            for each in found
        ]  # fmt: skip
        show(as_json({"assets": [*said, *gone], "blocks": blocks, "pinned": len(pins)}))
    else:
        show("".join(f"{line}\n" for line in said))
        show_stale(found)
    if said:
        complain(f"{lock_beside(known.file)} is not what emit.toml asks for: run `emit lock`", 1)
    for line in gone:
        complain(line, 1)
    if said or found or gone:
        raise SystemExit(1)
    say(f"{len(pins)} pinned, all as it should be")


def _changed(known: "Config", pins: "Pins") -> list[str]:
    """Return what the forges have otherwise than it is locked."""
    from emit.assets.lock import make_pins
    from emit.assets.lockfile import wanted

    with meter(f"asking for {len(pins)}") as progress:
        made = make_pins(wanted(known.assets.values()), progress=progress)
    return [str(error) for error in made.errors] + [
        f"{pin.name} {pin.platform}: {pin.url} was uploaded again: sha256 {pin.sha256}, "
        f"locked is {pins[pin.key].sha256}; ask its authors why, then "
        f"`emit lock --renew {pin.name}`"
        for pin in made.pins
        if pin.sha256 != pins[pin.key].sha256
    ]
