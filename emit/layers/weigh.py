"""Where the bytes of many paths are: few folders and files that say most. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from emit.layers.units import plain

# A folder is shown by its children where one of them has this part of it; where the folder
# has much of all, a smaller part will do.
_MOST_OF_IT = 0.5
_SOME_OF_IT = 0.3
_MUCH_OF_ALL = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A file, or a folder (its path ends in a slash) with all that is counted below it.

    The path begins with a slash.
    """

    path: str
    bytes: int
    files: int


class _Sum:
    __slots__ = ("bytes", "children", "files")

    def __init__(self) -> None:
        self.bytes = 0
        self.files = 0
        self.children: dict[str, _Sum] = {}


def weigh(items: Iterable[tuple[str, int]], most: int) -> tuple[Weight, ...]:
    """Return at most `most` places, biggest first, that stand for the (path, bytes) items."""
    root = _Sum()
    for path, size in items:
        here = root
        here.bytes += size
        for part in path.split("/"):
            here = here.children.setdefault(part, _Sum())
            here.bytes += size
            here.files += 1
    return tuple(
        Weight(path=plain(path + "/" * bool(one.children)), bytes=one.bytes, files=one.files)
        for path, one in _opened(root, most)[:most]
        if one.bytes
    )


def _opened(root: _Sum, most: int) -> list[tuple[str, _Sum]]:
    """Open the biggest folder again and again while one child is most of it."""
    shown = [(f"/{name}", child) for name, child in root.children.items()]
    shut: list[tuple[str, _Sum]] = []
    while shown and len(shut) < most:
        shown.sort(key=lambda item: (-item[1].bytes, item[0]))
        path, one = shown.pop(0)
        biggest = max((child.bytes for child in one.children.values()), default=0)
        much = one.bytes > _MUCH_OF_ALL * root.bytes
        if one.children and biggest >= (_SOME_OF_IT if much else _MOST_OF_IT) * one.bytes:
            shown += [(f"{path}/{name}", child) for name, child in one.children.items()]
        else:
            shut.append((path, one))
    return shut
