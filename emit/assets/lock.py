"""Pins are made here: each asset is asked for once, and read once where that is needed."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from emit.assets.archive import many_members, one_member, read_members
from emit.assets.config import foreign
from emit.assets.forge import Forge, Found
from emit.assets.forges import open_forge
from emit.assets.http import Http, token_for, with_token
from emit.assets.lockfile import Pin, Pins, wanted
from emit.assets.spec import FOREIGN, SERVERS, Asset, fill, format_of
from emit.errors import ArchiveError, EmitError, ForgeError

#: Up to here, in bytes, an asset is read in one piece: more connections would not pay.
SMALL = 16 << 20

#: The smallest block in bytes: dd puts it to its place by units of 64 KiB.
LEAST = 4 << 20

_MOST_BLOCKS = 16
_PIECE = 1 << 20
_TRIES = 5
_AT_ONCE = 4  # assets

#: Called with the bytes that have come, or that are known to come.
Progress = Callable[[int, int], None]


def block_size(size: int) -> int:
    """Return how long the blocks of SIZE bytes are: a power of two, at most 16 of them; 0: one."""
    block = LEAST
    while block * _MOST_BLOCKS < size:
        block *= 2
    return block if size > SMALL else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of asking: the pins, and an error for each that there is no pin for."""

    pins: tuple[Pin, ...]
    errors: tuple[EmitError, ...]


def make_pins(todo: Sequence[tuple[Asset, str]], *, progress: Progress) -> Made:
    """Ask for each asset and platform, several at once."""
    http = Http()
    forges = {asset.source: open_forge(asset.source, http) for asset, _ in todo}
    maker = _Maker(http, progress)

    def make(task: tuple[Asset, str]) -> Pin | EmitError:
        asset, platform = task
        return maker.pin(forges[asset.source], asset, platform)

    try:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            made = list(pool.map(make, todo))
    finally:
        http.close()
    return Made(
        pins=tuple(each for each in made if isinstance(each, Pin)),
        errors=tuple(each for each in made if isinstance(each, EmitError)),
    )


def merge(assets: Iterable[Asset], pins: Pins, made: Iterable[Pin]) -> list[Pin]:
    """Return what emit.lock is to hold: a pin for all that is asked for and was ever found."""
    known = {**pins, **{pin.key: pin for pin in made}}
    keys = [(asset.name, platform) for asset, platform in wanted(assets)]
    return [known[key] for key in keys if key in known]


class _Maker:
    """Finds, reads and looks into assets."""

    def __init__(self, http: Http, progress: Progress) -> None:
        self.http = http
        self.progress = progress

    def pin(self, forge: Forge, asset: Asset, platform: str) -> Pin | EmitError:
        """Return the pin, or an error that names the entry of emit.toml it is about."""
        try:
            found = forge.find(asset, platform)
            return self._pin(asset, platform, found)
        except EmitError as error:
            return type(error)(f"{asset.place} for {platform}: {error}")

    def _pin(self, asset: Asset, platform: str, found: Found) -> Pin:
        how = self._how(asset, found)
        pin = Pin(
            name=asset.name,
            platform=platform,
            request=asset.request(platform),
            file=found.name,
            url=found.private if asset.secret else found.url,
            size=found.size,
            sha256=found.sha256,
        )
        if found.sha256 and 0 <= found.size <= SMALL and how not in {"tar", "zip"}:
            return pin
        with tempfile.TemporaryDirectory(prefix="emit-") as folder:
            file = Path(folder) / "asset"
            digest = self._read(asset, pin, file)
            if found.sha256 not in {"", digest}:
                raise ForgeError(f"{pin.url} has {digest}, its forge says {found.sha256}")
            members = _members(asset, platform, file, how)
            pin = replace(pin, size=file.stat().st_size, sha256=digest, members=members)
            return self._split(asset, pin, file)

    def _how(self, asset: Asset, found: Found) -> str:
        """Return what unpacks the file, nothing where it is installed as it is."""
        if not asset.unpack:
            return ""
        if found.name.lower().endswith(FOREIGN):
            raise ArchiveError(f"{found.name}: {foreign(found.name)}")
        how = format_of(found.name)
        if not how or (asset.into and how not in {"tar", "zip"}):
            raise ArchiveError(f"{found.name} is no archive: leave unpack away")
        return how

    def _headers(self, asset: Asset) -> dict[str, str]:
        if not asset.secret:
            return {"Accept-Encoding": "identity"}
        token, variable = token_for(asset.source.kind, asset.source.server, os.environ)
        if not token:
            raise ForgeError(f"it is private: set {variable}")
        return {"Accept-Encoding": "identity"} | with_token(token)

    def _read(self, asset: Asset, pin: Pin, file: Path) -> str:
        """Read the asset into FILE, going on where a connection broke; return its sha256."""
        digest, have, why = hashlib.sha256(), 0, ""
        headers = self._headers(asset)
        for _ in range(_TRIES):
            wanted = headers | ({"Range": f"bytes={have}-"} if have else {})
            with self.http.get(pin.url, headers=wanted) as response, file.open("ab") as stream:
                if have and response.status_code != httpx.codes.PARTIAL_CONTENT:
                    self.progress(-have, 0)
                    digest, have = hashlib.sha256(), 0
                    stream.truncate(0)
                length = int(response.headers.get("content-length") or -1)
                self.progress(0, max(length, 0) if not have else 0)
                end = have + length
                try:
                    for piece in response.iter_raw(_PIECE):
                        stream.write(piece)
                        digest.update(piece)
                        have += len(piece)
                        self.progress(len(piece), 0)
                    if length < 0 or have == end:
                        return digest.hexdigest()
                except httpx.TransportError as error:
                    why = f": {error}"
        raise ForgeError(f"{pin.url} ended early {_TRIES} times{why}; try again later")

    def _split(self, asset: Asset, pin: Pin, file: Path) -> Pin:
        """Add the digest of each block, if the asset is large and its server has ranges."""
        block = block_size(pin.size)
        if not block or not self._has_ranges(asset, pin):
            return pin
        with file.open("rb") as stream:
            blocks = [
                hashlib.sha256(stream.read(block)).hexdigest() for _ in range(0, pin.size, block)
            ]
        return replace(pin, block=block, blocks=tuple(blocks))

    def _has_ranges(self, asset: Asset, pin: Pin) -> bool:
        headers = self._headers(asset) | {"Range": "bytes=0-0"}
        with self.http.get(pin.url, headers=headers) as response:
            said = response.headers.get("content-range", "")
            return (
                response.status_code == httpx.codes.PARTIAL_CONTENT
                and said == f"bytes 0-0/{pin.size}"
            )


def _members(asset: Asset, platform: str, file: Path, how: str) -> tuple[str, ...]:
    if how not in {"tar", "zip"}:
        return ()
    patterns = [fill(pattern, asset.values(platform)) for pattern in asset.unpack]
    members = read_members(file, how)
    if asset.install:
        return (one_member(members, patterns),)
    return many_members(members, patterns, asset.strip, how)


def usual_server() -> str:
    """Return the server that a SPEC means: GitHub, or the one that GITHUB_SERVER_URL names."""
    return (os.environ.get("GITHUB_SERVER_URL") or SERVERS["github"]).rstrip("/")
