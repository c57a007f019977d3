"""SPEC words of a command line -> assets with their pins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from emit.assets.config import read_config
from emit.assets.lock import Progress, make_pins, usual_server
from emit.assets.lockfile import Pin, lock_beside, locked, read_lock
from emit.assets.spec import NAME, Asset, format_of, parse_spec
from emit.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says of a SPEC that is in no emit.toml."""

    install: str = ""
    unpack: tuple[str, ...] = ()
    test: str = ""
    frozen: bool = False


Chosen = list[tuple[Asset, Sequence[Pin]]]


def choose(specs: Sequence[str], file: Path, options: Options, *, progress: Progress) -> Chosen:
    """Return each SPEC with its pins: an asset's from emit.lock, any other's from its forge.

    Without a SPEC it is all of emit.toml. Raises EmitError; with `frozen`, rather than ask.
    """
    names = [spec for spec in specs if NAME.fullmatch(spec)]
    others = [spec for spec in specs if spec not in names]
    if names or not others:
        config = read_config(file)
        pins = read_lock(lock_beside(file))
        named = {name: config.asset(name) for name in names or config.assets}
        if (options.install or options.unpack or options.test) and named:
            raise UsageError(f"--install, --unpack and --test are for a SPEC not in {file}")
    else:
        named, pins = {}, {}
    asked = {spec: _asset(spec, options) for spec in others}
    made = _ask(list(asked.values()), progress) if asked else {}
    chosen: Chosen = []
    for spec in specs or named:
        asset = named.get(spec) or asked[spec]
        chosen.append((asset, made[asset.name] if spec in asked else locked(asset, pins)))
    return chosen


def _asset(spec: str, options: Options) -> Asset:
    if options.frozen:
        raise UsageError(f"--frozen asks nobody: put {spec} into emit.toml and `emit lock` it")
    asset = parse_spec(spec, usual_server())
    install = options.install or f"/usr/local/bin/{asset.name}"
    packed = [pattern for _, pattern in asset.files if format_of(pattern)]
    if packed and not options.unpack and format_of(install) == "":
        raise UsageError(
            f"{packed[0]} is packed: name the member by --unpack, or --install it as it is"
        )
    return replace(asset, install=install, unpack=options.unpack, test=options.test)


def _ask(assets: Sequence[Asset], progress: Progress) -> dict[str, list[Pin]]:
    todo = [(asset, platform) for asset in assets for platform, _ in asset.files]
    made = make_pins(todo, progress=progress)
    if made.errors:
        raise made.errors[0]
    return {asset.name: [pin for pin in made.pins if pin.name == asset.name] for asset in assets}
