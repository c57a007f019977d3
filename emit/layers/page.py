"""The report as one page: nothing is loaded, nothing of the image is markup or code in it."""

import heapq
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from importlib.resources import files

from emit.layers.budget import Verdict
from emit.layers.compare import Comparison
from emit.layers.ledger import Ledger
from emit.layers.report import Report
from emit.layers.say import changed_where, compared, notes
from emit.plain import plain

_MOST = 20_000  # files with a cell of their own; smaller ones are drawn together
_DEEPEST = 64  # folders in folders; what is deeper is drawn together

#: n: name, b: bytes, f: files, c: children of a folder; of a file, l: layer, k: killed by.
Tree = dict[str, object]
_Item = tuple[str, int, int, int]  # path, bytes, layer, killer


def page(
    report: Report, comparison: Comparison | None, ledger: Ledger, verdicts: Iterable[Verdict]
) -> str:
    """Return the page."""
    visible = [(path, one.size, one.layer + 1, 0) for path, one in ledger.in_sight()]
    least = _least(visible)
    data = {
        "least": least,
        "report": report.document(),
        "comparison": _comparison(comparison) if comparison else None,
        "budgets": [asdict(one) for one in verdicts],
        "notes": list(notes(report, mark="")),
        "trees": {"visible": tree(visible, least), "wasted": tree(_wasted(ledger), least)},
    }
    text = _part("page.html")
    for mark, content in (
        ("/* page.css */", _part("page.css")),
        ("/* page.js */", _part("page.js")),
        ("/* data */", embedded(data)),
    ):
        text = text.replace(mark, content, 1)
    return text


def embedded(data: object) -> str:
    """Return JSON that ends no script element, whatever is in it (HTML, 4.12.1.3)."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _least(items: list[_Item]) -> int:
    """Return how big a file must be for a cell of its own: 0 where there is room for all."""
    sizes = heapq.nlargest(_MOST + 1, (size for _, size, _, _ in items))
    return sizes[-1] + 1 if len(sizes) > _MOST else 0


def tree(items: Iterable[_Item], least: int) -> Tree:
    """Return the files as nested folders, biggest first, those below `least` bytes merged."""
    root: _Folder = _Folder()
    for path, size, layer, killer in items:
        *folders, name = path.split("/")
        root.add(size)
        here = root
        for folder in folders:
            here = here.folders.setdefault(folder, _Folder())
            here.add(size)
        here.leaves.append((name, size, layer, killer))
    return {"n": "", "b": root.bytes, "f": root.files, "c": _children(root, least, 0)}


class _Folder:
    __slots__ = ("bytes", "files", "folders", "leaves")

    def __init__(self) -> None:
        self.bytes = 0
        self.files = 0
        self.folders: dict[str, _Folder] = {}
        self.leaves: list[_Item] = []

    def add(self, size: int) -> None:
        self.bytes += size
        self.files += 1

    def big(self, least: int) -> bool:
        """Tell whether it is worth a cell; a folder in it may be, too."""
        return self.bytes >= least


def _children(folder: _Folder, least: int, depth: int) -> list[Tree]:
    """Return what is big enough by itself, and the rest as one cell a layer."""
    shown: list[Tree] = []
    small: dict[int, tuple[int, int]] = {}
    inner = {} if depth >= _DEEPEST else {n: c for n, c in folder.folders.items() if c.big(least)}
    for name, size, layer, killer in _flat(folder, inner):
        if name and size >= least:
            gone = {"k": killer} if killer else {}
            shown.append({"n": plain(name), "b": size, "f": 1, "l": layer, **gone})
        else:
            count, total = small.get(layer, (0, 0))
            small[layer] = (count + 1, total + size)
    for layer, (count, total) in small.items():
        shown.append({"n": f"({count} small files)", "b": total, "f": count, "l": layer})
    for name, child in inner.items():
        cells = _children(child, least, depth + 1)
        shown.append({"n": plain(name), "b": child.bytes, "f": child.files, "c": cells})
    return sorted(shown, key=lambda one: (-int(str(one["b"])), str(one["n"])))


def _flat(folder: _Folder, inner: Collection[str]) -> Iterator[_Item]:
    """Yield the folder's files, and, without names, all below those not in `inner`."""
    yield from folder.leaves
    pending = [child for name, child in folder.folders.items() if name not in inner]
    while pending:
        child = pending.pop()
        yield from (("", size, layer, killer) for _, size, layer, killer in child.leaves)
        pending += child.folders.values()


def _wasted(ledger: Ledger) -> Iterator[_Item]:
    return ((one.path, one.size, one.layer + 1, one.killer + 1) for one in ledger.losses)


def _comparison(comparison: Comparison) -> dict[str, object]:
    changes = [
        asdict(one) | {"delta": one.delta, "where": changed_where(one)}
        for one in comparison.changes
    ]
    return {"said": compared(comparison), "changes": changes}


def _part(name: str) -> str:
    return files("emit.layers").joinpath("page", name).read_text(encoding="utf-8")
