"""The names in an archive, and what both ways to read it share."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping

from emit.errors import InputError
from emit.layers.chunks import Stream
from emit.layers.scan import Scan
from emit.layers.tar import Data, Member, members

TEXT = 16 << 20  # bytes of JSON; the registries' limit for a manifest is 4 MiB
WORKERS = min(4, os.cpu_count() or 1)
_MOST = 100_000  # members of an archive
_LONGEST = 4096  # characters of a name and what it links to
_HOPS = 8  # symbolic links from a layer's name to its blob


def blobs(stream: Stream) -> Iterator[tuple[str, Member, Data]]:
    """Yield what is in the archive with its names, of which not too many are held."""
    for count, (member, data) in enumerate(members(stream)):
        if count >= _MOST:
            raise InputError(f"it has more than {_MOST} members, so it is no image")
        if len(member.path) + len(member.target) > _LONGEST:
            raise InputError(f"its member {member.path[:40]!r}… has a name too long for a blob")
        yield posixpath.normpath(member.path), member, data


def target(name: str, link: Member) -> str:
    """Return where a link points, from the archive's root; old `docker save` links layers."""
    folder = posixpath.dirname(name) if link.type == "symlink" else ""
    return posixpath.normpath(posixpath.join(folder, link.target))


def follow(name: str, links: Mapping[str, str]) -> str:
    """Return the blob that a name links to, over not too many steps."""
    for _ in range(_HOPS):
        if name not in links:
            break
        name = links[name]
    return name


def named(name: str, scanned: Callable[[], Scan]) -> Scan:
    """Return the layer; raises InputError with its name."""
    try:
        return scanned()
    except InputError as error:
        raise InputError(f"layer {name}: {error}") from error
