"""An emit.toml and its emit.lock, without any forge."""

from pathlib import Path

from emit.assets.config import Config, parse_config
from emit.assets.lockfile import Pin, Pins

FILE = Path("emit.toml")
TEXT = """\
[asset.jq]
# renovate: datasource=github-releases depName=jqlang/jq
version = "jq-1.7.1"   # keep me
github  = "jqlang/jq"
file    = { "linux/amd64" = "jq-linux-amd64", "linux/arm64" = "jq-linux-arm64" }
install = "/usr/local/bin/jq"
test    = "jq --version"

[asset.tool]
github  = "o/tool"
version = "v1.2"
file    = "tool_{version}_{arch}.tar.gz"
unpack  = "tool"
install = "/usr/local/bin/tool"
test    = "tool --version && true"
"""


def config(text: str = TEXT) -> Config:
    """Return what it says."""
    return parse_config(text, FILE)


def digest(number: int) -> str:
    """Return a sha256 that is no real one."""
    return f"{number:064x}"


def pins(known: Config | None = None) -> Pins:
    """Return a pin for each: jq in one piece, tool in blocks."""
    known = known or config()
    made = {}
    for asset in known.assets.values():
        for number, (platform, _) in enumerate(asset.files, 1):
            file = asset.pattern(platform)
            base = f"https://github.com/{asset.source.where}/releases/download"
            large = bool(asset.unpack)
            pin = Pin(
                name=asset.name,
                platform=platform,
                request=asset.request(platform),
                file=file,
                url=f"{base}/{asset.version}/{file}",
                size=(4 << 22) + number if large else 1000 + number,
                sha256=digest(number),
                members=("tool-1.2/tool",) if large else (),
                block=4 << 20 if large else 0,
                blocks=tuple(digest(number * 16 + index) for index in range(5)) if large else (),
            )
            made[pin.key] = pin
    return made
