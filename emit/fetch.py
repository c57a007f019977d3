"""Pins -> the plan of a script that fetches them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from emit import __version__
from emit.assets.lockfile import Pin
from emit.assets.platforms import ANY, PLATFORMS
from emit.assets.spec import Asset, format_of
from emit.errors import UsageError

TEMPLATE = "fetch.sh.j2"

_WIDTH = 74  # columns that a line of the head has left
_FUNCTIONS = (
    *("say", "die", "number", "machine", "client", "clean", "verified", "again"),
    *("hear", "private", "block", "reap", "work", "fetch", "unpack", "tree"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedFile:
    """What one arm of the script says of one platform; `arm` is the name and apk's machine."""

    arm: str
    any: bool
    url: str
    size: int
    block: int
    sha256: str
    blocks: tuple[str, ...]
    how: str
    members: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an asset goes: `dest` ends in a slash if it is a folder."""

    name: str
    dest: str
    mode: str
    strip: str
    test: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPlan:
    """Everything that decides the bytes of one script."""

    version: str
    me: str
    contents: tuple[str, ...]
    assets: tuple[Place, ...]
    pins: tuple[PinnedFile, ...]

    def values(self) -> dict[str, object]:
        """Return what the template may name; booleans choose what it is made of."""
        trees = any(asset.dest.endswith("/") for asset in self.assets)
        files = any(not asset.dest.endswith("/") for asset in self.assets)
        packed = any(pin.how for pin in self.pins)
        folders = {asset.name for asset in self.assets if asset.dest.endswith("/")}
        unpacks = any(pin.how and pin.arm.split()[0] not in folders for pin in self.pins)
        private = any(asset.secret for asset in self.assets)
        left_out = {
            *(() if private else ("hear", "private")),
            *(() if unpacks else ("unpack",)),
            *(() if trees else ("tree",)),
        }
        return {
            "version": self.version,
            "me": self.me,
            "contents": self.contents,
            "names": " ".join(asset.name for asset in self.assets),
            "assets": self.assets,
            "pins": self.pins,
            "trees": trees,
            "files": files,
            "packed": packed,
            "unpacks": unpacks,
            "tests": any(asset.test for asset in self.assets),
            "private": private,
            "functions": [f"fetch/{name}.sh" for name in _FUNCTIONS if name not in left_out],
        }


def plan_fetch(assets: Sequence[tuple[Asset, Sequence[Pin]]], *, me: str = "") -> FetchPlan:
    """Plan one script for these assets with their pins; `me` is what it calls itself.

    Raises UsageError where two of them have one name.
    """
    names = [asset.name for asset, _ in assets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"two assets are called {twice}: name each once")
    usual = f"get-{names[0]}.sh" if len(names) == 1 else "get-assets.sh"
    return FetchPlan(
        version=__version__,
        me=me if re.fullmatch(r"[\w.+-]+", me) else usual,
        contents=tuple(_content(asset, pins) for asset, pins in assets),
        assets=tuple(map(_place, (asset for asset, _ in assets))),
        pins=tuple(_file(asset, pin) for asset, pins in assets for pin in pins),
    )


def _content(asset: Asset, pins: Sequence[Pin]) -> str:
    machines = ", ".join(pin.platform.removeprefix("linux/") for pin in pins)
    return shorten(f"{asset.name} {asset.version} for {machines}", _WIDTH, placeholder=" ...")


def _place(asset: Asset) -> Place:
    return Place(
        name=asset.name,
        dest=f"{asset.into.rstrip('/')}/" if asset.into else asset.install,
        mode=asset.mode,
        strip="/*" * asset.strip,
        test=asset.test,
        secret=asset.secret,
    )


def _file(asset: Asset, pin: Pin) -> PinnedFile:
    anywhere = pin.platform == ANY
    return PinnedFile(
        arm=f"{asset.name} " + ("" if anywhere else PLATFORMS[pin.platform].apk),
        any=anywhere,
        url=pin.url,
        size=pin.size,
        block=pin.block or pin.size,
        sha256=pin.sha256,
        blocks=pin.blocks,
        how=format_of(pin.file) if asset.unpack else "",
        members="\n".join(pin.members),
    )
