"""A new version into emit.toml: one string is changed, every other byte stays."""

import re
import tomllib
from pathlib import Path

from emit.assets.config import line_of
from emit.assets.spec import Asset
from emit.errors import ConfigError


def bumped(text: str, asset: Asset, version: str, file: Path) -> str:
    """Return the text of emit.toml with another version of the asset.

    Comments stay, Renovate's among them. Raises ConfigError where the version stands in a
    way that cannot be changed alone.
    """
    number = line_of(text, ("asset", asset.name), "version")
    lines = text.split("\n")
    pattern = rf"^(\s*version\s*=\s*)([\"']){re.escape(asset.version)}\2"
    quoted = version.replace("\\", "\\\\")
    lines[number - 1] = re.sub(pattern, rf"\g<1>\g<2>{quoted}\g<2>", lines[number - 1])
    new = "\n".join(lines)
    wanted = tomllib.loads(text)
    wanted["asset"][asset.name]["version"] = version
    if tomllib.loads(new) != wanted:
        raise ConfigError(
            f"{file}:{number}: asset.{asset.name}.version: cannot be changed alone; "
            f'write version = "{version}" by hand'
        )
    return new
