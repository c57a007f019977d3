"""The books of an image's bytes: what each layer stored, what is visible, what was wasted. Pure.

stored = the files in the layers; visible = those in the final tree, a hard link's file once;
wasted = stored - visible. Each wasted byte is booked on the layer that stored it and on the
one that removed it. Whiteouts, opaque folders: the OCI image-spec, layer.md; that a folder in
place of a symbolic link is reached through it, and what replaces what: containerd's differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from emit.errors import InputError
from emit.layers.scan import Entry
from emit.layers.tar import Meta

_FOLDERS = 2_000_000  # that no layer lists, made on the way to a path
_STEPS = 50_000_000  # half a minute; an image of 300 000 files takes half a million
_HOPS = 40  # symbolic links on one path, as the kernel allows
_ROOT_META = Meta(0o755, 0, 0)


class How(StrEnum):
    """How a stored file came to be out of sight."""

    REWRITTEN = "rewritten"  # the same bytes again: only owner, mode or time changed
    OVERWRITTEN = "overwritten"  # other bytes at the same path
    MOVED = "moved"  # the same bytes stored at another path by the layer that removed it
    REMOVED = "removed"


class Inode:
    """A file that a layer stored, under one path or several hard links."""

    __slots__ = ("layer", "links", "meta", "print", "size")

    def __init__(self, entry: Entry, layer: int) -> None:
        """Book it on its layer, with one link."""
        self.layer = layer
        self.links = 1
        self.meta = entry.meta
        self.print = entry.print
        self.size = entry.size


class Node:
    """One path of the tree; `kind` is a tar type, `inode` is that of a file."""

    __slots__ = ("children", "inode", "kind", "layer", "meta", "target")

    def __init__(self, kind: str, layer: int, meta: Meta, target: str = "") -> None:
        """Begin without children and without content."""
        self.kind = kind
        self.layer = layer
        self.meta = meta
        self.target = target
        self.inode: Inode | None = None
        self.children: dict[str, Node] = {} if kind == "dir" else _CHILDLESS


_CHILDLESS: dict[str, Node] = {}  # of all that is no folder; only folders are written to


class Loss(NamedTuple):
    """A stored file that is out of sight: the layers that stored and removed it."""

    path: str
    size: int
    layer: int
    killer: int
    how: How
    changed: str


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The final tree, all losses, bytes and files stored by each layer.

    `unlisted` counts the folders that no layer lists, `steps` the names on the way to all folders.
    """

    root: Node
    unlisted: int = 0
    steps: int = 0
    stored: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[str, Node]]:
        """Yield each path but the root's, folders before what is in them, in tree order."""
        return _walk(self.root)

    def in_sight(self) -> Iterator[tuple[str, Inode]]:
        """Yield each visible file that has bytes, once, by the first of its paths."""
        seen: set[Inode] = set()
        for path, node in self.walk():
            inode = node.inode
            if inode is not None and inode.size and inode not in seen:
                seen.add(inode)
                yield path, inode


def keep_books(layers: Sequence[Sequence[Entry]]) -> Ledger:
    """Apply the layers in order; raises InputError on a link to nowhere."""
    ledger = Ledger(root=Node("dir", 0, _ROOT_META))
    for index, entries in enumerate(layers):
        _Apply(ledger, index).apply(entries)
    return ledger


def _walk(node: Node) -> Iterator[tuple[str, Node]]:
    pending = [("", iter(node.children.items()))]
    while pending:
        folder, children = pending[-1]
        for name, child in children:
            path = folder + name
            yield path, child
            if child.children:
                pending.append((f"{path}/", iter(child.children.items())))
                break
        else:
            pending.pop()


class _Apply:
    """One layer as it is laid over those below it."""

    def __init__(self, ledger: Ledger, layer: int) -> None:
        self._ledger = ledger
        self._layer = layer
        self._dead: list[tuple[str, Inode]] = []
        self._folders: dict[str, Node] = {}

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take away first, then add: a whiteout hides lower layers only."""
        for entry in entries:
            if entry.kind == "whiteout":
                self._take_away(entry.path)
            elif entry.kind == "opaque":
                self._empty(entry.path)
        stored = files = 0
        for entry in entries:
            if entry.kind not in ("whiteout", "opaque"):
                self._add(entry)
                stored += entry.size
                files += entry.kind == "file"
        self._ledger.stored.append(stored)
        self._ledger.files.append(files)
        self._book({entry.print for entry in entries if entry.size})

    def _take_away(self, path: str) -> None:
        head, _, name = path.rpartition("/")
        parent = self._folder(head, make=False)
        node = parent.children.pop(name, None) if parent else None
        if node is not None:
            self._kill(path, node)

    def _empty(self, path: str) -> None:
        node = self._folder(path, make=False)
        if node is not None:
            for name, child in node.children.items():
                self._kill(f"{path}/{name}" if path else name, child)
            node.children = {}

    def _add(self, entry: Entry) -> None:
        if not entry.path:
            self._ledger.root.meta = entry.meta
            return
        head, _, name = entry.path.rpartition("/")
        parent = self._folder(head, make=True)
        assert parent is not None  # noqa: S101 - it was made
        new = self._node(entry)
        old = parent.children.get(name)
        if old is not None and old.kind == entry.kind == "dir":
            old.meta, old.layer = entry.meta, self._layer
            return
        parent.children[name] = new
        if old is not None:
            self._kill(entry.path, old)

    def _node(self, entry: Entry) -> Node:
        if entry.kind == "link":
            there = self._target(entry)
            node = Node(there.kind, self._layer, there.meta, there.target)
            node.inode = there.inode
            if node.inode is not None:
                node.inode.links += 1
            return node
        node = Node(entry.kind, self._layer, entry.meta, entry.target)
        if entry.kind == "file":
            node.inode = Inode(entry, self._layer)
        return node

    def _target(self, entry: Entry) -> Node:
        """Return what a hard link names."""
        head, _, name = entry.target.rpartition("/")
        parent = self._folder(head, make=False)
        node = parent.children.get(name) if parent else None
        if node is None or node.kind == "dir":
            raise InputError(
                f"layer {self._layer + 1}: the hard link {entry.path!r} leads to "
                f"{entry.target!r}, which is no file there; is the layer damaged?"
            )
        return node

    def _kill(self, path: str, node: Node) -> None:
        """Drop a path and all below it; a file is dead when its last link is."""
        if node.kind in ("dir", "symlink"):
            self._folders.clear()
        for place, one in ((path, node), *((path + part, kid) for part, kid in _below(node))):
            if one.inode is not None:
                one.inode.links -= 1
                if not one.inode.links:
                    self._dead.append((place, one.inode))

    def _book(self, prints: set[bytes]) -> None:
        """Book the files that died in this layer, now that its own are all in place."""
        for path, inode in self._dead:
            if inode.size:
                how, changed = self._how(path, inode, prints)
                loss = Loss(path, inode.size, inode.layer, self._layer, how, changed)
                self._ledger.losses.append(loss)

    def _how(self, path: str, old: Inode, prints: set[bytes]) -> tuple[How, str]:
        head, _, name = path.rpartition("/")
        parent = self._folder(head, make=False)
        node = parent.children.get(name) if parent else None
        if node is not None and node.layer == self._layer and node.kind != "dir":
            new = node.inode
            if new is not None and (new.print, new.size) == (old.print, old.size):
                return How.REWRITTEN, _changed(old.meta, new.meta)
            return How.OVERWRITTEN, ""
        return (How.MOVED if old.print in prints else How.REMOVED), ""

    def _folder(self, path: str, *, make: bool) -> Node | None:
        """Return the folder at a path, through symbolic links, made where asked and missing."""
        node = self._folders.get(path)
        if node is None:
            node = self._resolve(path, make=make)
            if node is not None:
                self._folders[path] = node
        return node

    def _resolve(self, path: str, *, make: bool) -> Node | None:
        trail = [("", self._ledger.root)]
        parts = self._steps(path)
        hops = 0
        while parts:
            name = parts.pop()
            if name in (".", ".."):
                trail = trail[: max(1, len(trail) - (name == ".."))]
                continue
            node = trail[-1][1].children.get(name)
            if node is not None and node.kind == "symlink":
                hops += 1
                if hops > _HOPS:
                    raise InputError(f"too many symbolic links on the way to {path!r}")
                trail = trail[:1] if node.target.startswith("/") else trail
                parts += self._steps(node.target)
                continue
            if node is None or node.kind != "dir":
                if not make:
                    return None
                self._ledger.unlisted += 1
                if self._ledger.unlisted > _FOLDERS:
                    raise InputError(f"it has more than {_FOLDERS} folders that no layer lists")
                trail[-1][1].children[name] = made = Node("dir", self._layer, _ROOT_META)
                if node is not None:  # a file stands where the layer has a folder
                    self._kill("/".join([*(step for step, _ in trail[1:]), name]), node)
                node = made
            trail.append((name, node))
        return trail[-1][1]

    def _steps(self, path: str) -> list[str]:
        """Return the names on a path, the last one first; all images but hostile ones have few."""
        parts = [part for part in reversed(path.split("/")) if part]
        self._ledger.steps += len(parts)
        if self._ledger.steps > _STEPS:
            raise InputError(
                f"its links lead over more than {_STEPS} folders; is it meant to harm?"
            )
        return parts


def _below(node: Node) -> Iterator[tuple[str, Node]]:
    return ((f"/{path}", child) for path, child in _walk(node))


def _changed(old: Meta, new: Meta) -> str:
    """Name what differs: `owner`, `mode`, both, or (nothing else is kept) `time`."""
    owner = (old.uid, old.gid) != (new.uid, new.gid)
    words = [word for word, is_so in (("owner", owner), ("mode", old.mode != new.mode)) if is_so]
    return " and ".join(words) or "time"
