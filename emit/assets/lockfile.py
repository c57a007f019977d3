"""emit.lock: what was found, sorted, one digest a line, made to be read in a diff."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from emit.assets.config import Config
from emit.assets.platforms import ANY, PLATFORMS
from emit.assets.spec import Asset, is_url
from emit.errors import ConfigError

_FORMAT = 1
_HEAD = f"""\
# The assets of emit.toml, pinned. `emit lock` writes this file: commit it, read its diff.
lock = {_FORMAT}
"""
_AGAIN = "restore it, or remove it and run `emit lock`"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One asset for one platform, so that a build asks nobody what it is.

    `size` and `block` are bytes, `sha256` and `blocks` hex. Each block is `block` bytes long,
    the last what remains; an asset that is read in one piece has none. `request` is the
    asset's own, as it was asked for; `members` are what is unpacked, by its name inside.
    """

    name: str
    platform: str
    request: str
    file: str
    url: str
    size: int
    sha256: str
    members: tuple[str, ...] = ()
    block: int = 0
    blocks: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells pins apart."""
        return self.name, self.platform


Pins = Mapping[tuple[str, str], Pin]


def lock_beside(config: Path) -> Path:
    """Return the lock file that belongs to an emit.toml."""
    return config.with_suffix(".lock")


def read_lock(file: Path) -> Pins:
    """Return the pins of a lock file by name and platform, none where there is no file.

    Raises ConfigError: nothing is believed of a file that has been damaged.
    """
    try:
        return parse_lock(file.read_bytes().decode(), file)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}; {_AGAIN}") from error


def parse_lock(text: str, file: Path) -> Pins:
    """Return the pins that the text of a lock file holds; raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}; {_AGAIN}") from error
    if data.get("lock") != _FORMAT:
        raise ConfigError(f"{file}:2: this emit reads lock = {_FORMAT}: {_AGAIN}")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line == "[[asset]]"]
    entries = data.get("asset", [])
    pins = {}
    for index, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        line = lines[index] if index < len(lines) else 1
        pin = _pin(entry)
        if pin is None:
            raise ConfigError(f"{file}:{line}: this asset is not as `emit lock` wrote it: {_AGAIN}")
        pins[pin.key] = pin
    return pins


def _pin(entry: object) -> Pin | None:
    """Return the pin of an entry, None where it is not one that emit can have written."""
    if not isinstance(entry, dict) or not {*entry} <= {field.name for field in fields(Pin)}:
        return None
    lists = {key: entry.get(key, []) for key in ("members", "blocks")}
    if not all(isinstance(items, list) for items in lists.values()):
        return None
    if not all(isinstance(item, str) for items in lists.values() for item in items):
        return None
    try:
        pin = Pin(**(entry | {key: tuple(items) for key, items in lists.items()}))
    except TypeError:
        return None
    return pin if _sound(pin) else None


def _sound(pin: Pin) -> bool:
    texts: list[Any] = [pin.name, pin.platform, pin.request, pin.file, pin.url, pin.sha256]
    numbers: list[Any] = [pin.size, pin.block]
    if not all(isinstance(text, str) and text.isprintable() for text in [*texts, *pin.members]):
        return False
    if not all(type(number) is int and number >= 0 for number in numbers):
        return False
    blocks = -(-pin.size // pin.block) if pin.block else 0
    return (
        (pin.platform == ANY or pin.platform in PLATFORMS)
        and is_url(pin.url)
        and len(pin.blocks) == blocks
        and all(_DIGEST.fullmatch(digest) for digest in (pin.sha256, *pin.blocks))
    )


def lock_text(pins: Iterable[Pin]) -> str:
    """Return the text of a lock file: the same pins, the same bytes."""
    entries = ["\n".join(_entry(pin)) for pin in sorted(pins, key=lambda pin: pin.key)]
    return "\n".join([_HEAD, *(f"{entry}\n" for entry in entries)]).rstrip("\n") + "\n"


def _entry(pin: Pin) -> Iterator[str]:
    yield "[[asset]]"
    for field in fields(pin):
        value = getattr(pin, field.name)
        if isinstance(value, tuple):
            if value:
                yield f"{field.name} = ["
                yield from (f"  {_string(item)}," for item in value)
                yield "]"
        elif value != field.default:
            yield f"{field.name} = {value if isinstance(value, int) else _string(value)}"


def _string(value: str) -> str:
    """Return a printable string as TOML has it, which is as JSON has it."""
    return json.dumps(value, ensure_ascii=False)


def wanted(assets: Iterable[Asset]) -> list[tuple[Asset, str]]:
    """Return every asset with every platform of it."""
    return [(asset, platform) for asset in assets for platform, _ in asset.files]


def unlocked(assets: Iterable[Asset], pins: Pins) -> list[tuple[Asset, str]]:
    """Return what has no pin, or one that was made for another version, file or place."""
    return [
        (asset, platform)
        for asset, platform in wanted(assets)
        if (pin := pins.get((asset.name, platform))) is None
        or pin.request != asset.request(platform)
    ]


def locked(asset: Asset, pins: Pins) -> tuple[Pin, ...]:
    """Return the pins of an asset, one a platform; raises ConfigError where one is missing."""
    missing = [platform for _, platform in unlocked([asset], pins)]
    if missing:
        old = pins.get((asset.name, missing[0]))
        what = f"is locked as {old.request!r}" if old else f"is not locked for {missing[0]}"
        raise ConfigError(f"{asset.place}: {asset.name} {what}: run `emit lock`")
    return tuple(pins[asset.name, platform] for platform, _ in asset.files)


def differences(config: Config, pins: Pins) -> Sequence[str]:
    """Return in words how a lock file differs from its emit.toml, without asking anybody."""
    said = []
    for asset, platform in unlocked(config.assets.values(), pins):
        old = pins.get((asset.name, platform))
        now = asset.request(platform)
        said.append(
            f"{asset.place}: {asset.name} is not locked for {platform}"
            if old is None
            else f"{asset.place}: {asset.name} for {platform} is now {now!r}, locked is "
            f"{old.request!r}"
        )
    keys = {(asset.name, platform) for asset, platform in wanted(config.assets.values())}
    extra = sorted(key for key in pins if key not in keys)
    return [
        *said,
        *(f"{name} for {platform} is locked, but not asked for" for name, platform in extra),
    ]
