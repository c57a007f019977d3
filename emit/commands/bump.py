"""emit bump: newer versions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from emit.commands.options import complete_assets
from emit.console import complain, meter, say

if TYPE_CHECKING:
    from emit.assets.spec import Asset


@click.command(
    epilog="""\b
Examples:
  emit bump                        all assets: emit.toml, emit.lock, every managed block
  emit bump jq --to jq-1.7.1       this version, also an older one
  emit bump --min-age-days 7       only what has been out for a week
  emit bump --check                write nothing; exit 1 if there is something newer
"""
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_assets)
@click.option("-f", "config", default="emit.toml", metavar="FILE", help="Where assets are named.")
@click.option("--to", metavar="TAG", help="The version to take, of one asset.")
@click.option(
    "--min-age-days", type=click.IntRange(0), default=0, metavar="N", help="Leave younger ones."
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if there is something newer.")
def bump(
    *, names: Sequence[str], config: str, to: str | None, min_age_days: int, check: bool
) -> None:
    """Move assets to their newest version: in emit.toml, emit.lock and all managed blocks.

    A version is newer if it has the same text before its first digit; a prerelease is left
    out. In emit.toml nothing but the version changes. An asset that cannot be pinned in its
    new version stays as it was.
    """
    from pathlib import Path

    from emit.assets.config import read_config
    from emit.assets.newer import newer_versions
    from emit.commands.sync import write_blocks
    from emit.errors import UsageError

    known = read_config(Path(config))
    chosen = [known.asset(name) for name in names] or list(known.assets.values())
    if to is not None and len(names) != 1:
        raise UsageError("--to is for one asset: emit bump NAME --to TAG")
    versions, errors = newer_versions([] if to else chosen, min_age_days=min_age_days)
    if to:
        versions[chosen[0].name] = to
    for error in errors:
        complain(error, 1)
    moved = [asset for asset in chosen if versions.get(asset.name, asset.version) != asset.version]
    for asset in moved:
        say(f"{asset.name}: {asset.version} -> {versions[asset.name]}")
    if check:
        raise SystemExit(bool(moved or errors))
    good = not errors
    if moved:
        good = _move(Path(config), moved, versions) and good
        good = write_blocks(Path(config), (), force=False, check=False) and good
    if not good:
        raise SystemExit(1)
    if not moved:
        say("nothing is newer")


def _move(config: object, moved: "Sequence[Asset]", versions: dict[str, str]) -> bool:
    """Pin the new versions; write emit.toml and emit.lock for those that could be."""
    from pathlib import Path

    from emit.assets.config import parse_config
    from emit.assets.lock import make_pins, merge
    from emit.assets.lockfile import lock_beside, lock_text, read_lock, wanted
    from emit.bump import bumped
    from emit.output import write_plain

    file = Path(str(config))
    old = text = file.read_bytes().decode()
    for asset in moved:
        text = bumped(text, asset, versions[asset.name], file)
    new = parse_config(text, file)
    todo = wanted(new.assets[asset.name] for asset in moved)
    with meter(f"locking {len(todo)}") as progress:
        made = make_pins(todo, progress=progress)
    for error in made.errors:
        complain(str(error), 1)
    have = {pin.key for pin in made.pins}
    failed = {asset.name for asset, platform in todo if (asset.name, platform) not in have}
    text = old
    for asset in moved:
        if asset.name not in failed:
            text = bumped(text, asset, versions[asset.name], file)
    lock = lock_beside(file)
    pins = [pin for pin in made.pins if pin.name not in failed]
    kept = merge(new.assets.values(), read_lock(lock), pins)
    write_plain(lock, lock_text(kept))
    write_plain(file, text)
    return not failed
