"""What every forge can be asked: which file an asset is, and which versions there are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Protocol

from emit.assets.spec import Asset
from emit.errors import ForgeError

_PRERELEASE = re.compile(
    r"(?i)(?<![a-z])(alpha|beta|rc|pre|preview|dev|ea|nightly|canary|snapshot)(?![a-z])|\d[ab]\d+"
)
_SHOWN = 12  # names in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file as a forge has it.

    `size` in bytes (-1 where it does not say), `sha256` in hex (empty likewise); `private` is
    the URL of its API that takes a token, where there is one.
    """

    name: str
    url: str
    size: int = -1
    sha256: str = ""
    private: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version, when it came out (None where nobody says), and its files."""

    tag: str
    published: datetime | None = None
    prerelease: bool = False
    files: tuple[Found, ...] = field(default=())


class Forge(Protocol):
    """One source on one forge or file server; every method raises ForgeError."""

    def find(self, asset: Asset, platform: str) -> Found:
        """Return the one file that the asset's pattern means."""

    def latest(self) -> str:
        """Return the tag that the project calls its latest release."""

    def releases(self) -> Sequence[Release]:
        """Return what has been released, newest first; the files may be missing."""


def pick(files: Iterable[Found], pattern: str, where: str) -> Found:
    """Return the one file whose name matches; raises ForgeError where none or several do."""
    files = list(files)
    exact = [file for file in files if file.name == pattern]
    matching = exact or [file for file in files if fnmatchcase(file.name, pattern)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise ForgeError(
            f"{where}: {len(matching)} files match {pattern}: {_some(matching)}; be more precise"
        )
    near = get_close_matches(pattern, [file.name for file in files], n=1, cutoff=0.6)
    guess = f"did you mean {near[0]}?" if near else f"it has: {_some(files) or 'no file at all'}"
    raise ForgeError(f"{where}: no file matches {pattern}; {guess}")


def _some(files: Sequence[Found]) -> str:
    names = sorted(file.name for file in files)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def is_prerelease(tag: str) -> bool:
    """Tell by its name a version that is not meant for everyone."""
    return _PRERELEASE.search(tag) is not None


def by_version(tag: str) -> tuple[tuple[int, ...], str]:
    """Return what tags are sorted by: their numbers, then the text."""
    return tuple(map(int, re.findall(r"\d+", tag))), tag


def prefix(tag: str) -> str:
    """Return what stands before the first digit of a tag: `cli-v`."""
    return re.split(r"\d", tag, maxsplit=1)[0]


def newest(releases: Iterable[Release], current: str, *, before: datetime | None) -> str:
    """Return the highest tag that is a successor of CURRENT, or CURRENT itself.

    A successor has the same text up to its first digit, so that `cli-v2` never follows
    `lib-v1`, and is no prerelease unless CURRENT is one. With BEFORE it came out earlier, and
    a release without a date is none.
    """
    tags = [
        release.tag
        for release in releases
        if prefix(release.tag) == prefix(current)
        and (is_prerelease(current) or not (release.prerelease or is_prerelease(release.tag)))
        and (before is None or (release.published is not None and release.published <= before))
    ]
    return max([*tags, current], key=by_version)


def moment(text: object) -> datetime | None:
    """Return the time that an API writes as ISO 8601, None for anything else."""
    try:
        then = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)


def member(data: object, key: str, kind: type) -> object:
    """Return data[key] of an API's answer where it is of that type, else None."""
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


def text(data: object, key: str) -> str:
    """Return a string of an API's answer, empty where there is none."""
    return str(member(data, key, str) or "")


def items(data: object, key: str = "") -> list[object]:
    """Return a list of an API's answer, or the answer itself; empty where it is no list."""
    value = member(data, key, list) if key else data
    return value if isinstance(value, list) else []
