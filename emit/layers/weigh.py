"""Where the bytes of many paths are: few folders and files that say most. Pure."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from emit.plain import plain

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


class _Folder:
    __slots__ = ("biggest", "bytes", "children", "files", "leaves")

    def __init__(self) -> None:
        self.bytes = 0
        self.files = 0
        self.biggest = 0
        self.children: dict[str, _Folder] = {}
        self.leaves: list[tuple[str, int]] = []

    def child(self, name: str) -> "_Folder":
        """Return the folder of that name, made if need be."""
        found = self.children.get(name)
        if found is None:
            found = self.children[name] = _Folder()
        return found

    def open(self, path: str) -> "list[_Shown]":
        """Return what is in it; `path` is its own."""
        folders = [(f"{path}/{name}", one.bytes, one) for name, one in self.children.items()]
        return [*folders, *((f"{path}/{name}", size, None) for name, size in self.leaves)]


_Shown = tuple[str, int, _Folder | None]


def weigh(items: Iterable[tuple[str, int]], most: int) -> tuple[Weight, ...]:
    """Return at most `most` places, biggest first, that stand for the (path, bytes) items."""
    root = _Folder()
    folders: dict[str, _Folder] = {"": root}
    for path, size in items:
        head, _, name = path.rpartition("/")
        folder = folders.get(head)
        if folder is None:
            folder = root
            for part in head.split("/"):
                folder = folder.child(part)
            folders[head] = folder
        folder.leaves.append((name, size))
    _add_up(root)
    return tuple(
        Weight(path=plain(path + "/" * bool(one)), bytes=size, files=one.files if one else 1)
        for path, size, one in _opened(root, most)[:most]
        if size
    )


def _add_up(root: _Folder) -> None:
    """Fill in the sums, from the innermost folders out: as deep as an image likes."""
    order = [root]
    for folder in order:
        order.extend(folder.children.values())
    for folder in reversed(order):
        sizes = [size for _, size in folder.leaves]
        sizes += [child.bytes for child in folder.children.values()]
        folder.bytes = sum(sizes)
        folder.biggest = max(sizes, default=0)
        inner = sum(child.files for child in folder.children.values())
        folder.files = len(folder.leaves) + inner


def _opened(root: _Folder, most: int) -> list[_Shown]:
    """Open the biggest folder again and again while one child is most of it."""
    shown = root.open("")
    shut: list[_Shown] = []
    while shown and len(shut) < most:
        shown = heapq.nsmallest(most, shown, key=lambda item: (-item[1], item[0]))
        path, size, one = shown.pop(0)
        much = size > _MUCH_OF_ALL * root.bytes
        if one is not None and one.biggest >= (_SOME_OF_IT if much else _MOST_OF_IT) * size:
            shown += one.open(path)
        else:
            shut.append((path, size, one))
    return shut
