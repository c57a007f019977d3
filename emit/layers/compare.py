"""Two images: what made the newer one bigger, by command and by path. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile

from emit import __version__
from emit.layers.align import align
from emit.layers.image import Image, Layer
from emit.layers.ledger import Ledger
from emit.layers.report import SCHEMA, Examined, Report
from emit.layers.weigh import Weight, weigh

_PATHS = 5
_ALL_PATHS = 10
_EQUAL = 4.0  # of two commands that are: more than a few that are nearly so
_EDITED = 0.5  # of the words of two commands, of which the newer is the older, edited


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One command before and after; None where an image has no such layer.

    `grown` and `shrunk` are the places in this layer whose bytes differ most.
    """

    command: str
    before_layer: int | None
    after_layer: int | None
    before: int
    after: int
    grown: tuple[Weight, ...]
    shrunk: tuple[Weight, ...]

    @property
    def delta(self) -> int:
        """Bytes more, or, below 0, fewer."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports and what differs; `same_layers` at the bottom are the same in both."""

    before: Report
    after: Report
    same_layers: int
    changes: tuple[Change, ...]
    grown: tuple[Weight, ...]
    shrunk: tuple[Weight, ...]

    @property
    def delta(self) -> int:
        """Bytes stored more, or, below 0, fewer."""
        return self.after.totals.stored - self.before.totals.stored

    def document(self) -> dict[str, object]:
        """Return it as JSON has it."""
        changes = [asdict(one) | {"delta": one.delta} for one in self.changes]
        return {
            "schema": SCHEMA,
            "emit": __version__,
            "delta": self.delta,
            "same_layers": self.same_layers,
            "changes": changes,
            "grown": [asdict(one) for one in self.grown],
            "shrunk": [asdict(one) for one in self.shrunk],
            "before": self.before.document(),
            "after": self.after.document(),
        }


def common_layers(one: Image, other: Image) -> int:
    """Return how many layers at the bottom are the same by the digest of their content."""
    pairs = zip(one.layers, other.layers, strict=False)
    return len(list(takewhile(lambda pair: _same(*pair), pairs)))


def compare(old: Examined, new: Examined) -> Comparison:
    """Compare two images, the older first."""
    same = common_layers(old.image, new.image)
    pairs = _paired(old.image.layers[same:], new.image.layers[same:])
    changes = [_change(old, new, *pair) for pair in pairs]
    grown, shrunk = _weighed(_visible(old.ledger), _visible(new.ledger), _ALL_PATHS)
    return Comparison(
        before=old.report,
        after=new.report,
        same_layers=same,
        changes=tuple(sorted(changes, key=lambda one: (-abs(one.delta), one.command))),
        grown=grown,
        shrunk=shrunk,
    )


def _same(one: Layer, other: Layer) -> bool:
    return bool(one.diff_id) and one.diff_id == other.diff_id


def _paired(
    old: Sequence[Layer], new: Sequence[Layer]
) -> Iterator[tuple[Layer | None, Layer | None]]:
    """Align layers by their commands, equal or edited; what stands between them, in its order."""
    before, after = (
        [(one.command.keyword, Counter(one.command.text.split())) for one in layers]
        for layers in (old, new)
    )
    fits = [[_fit(one, other) for other in after] for one in before]
    start = begin = 0
    for end, stop in align(fits):
        yield from _by_keyword(old[start:end], new[begin:stop])
        yield old[end], new[stop]
        start, begin = end + 1, stop + 1
    yield from _by_keyword(old[start:], new[begin:])


def _fit(one: tuple[str, "Counter[str]"], other: tuple[str, "Counter[str]"]) -> float:
    """Return how much of two commands is the same: most for equal ones, 0 below a half."""
    if one == other:
        return _EQUAL
    (keyword, words), (its_keyword, its_words) = one, other
    common = 2 * (words & its_words).total() / ((words.total() + its_words.total()) or 1)
    return common if common >= _EDITED and keyword == its_keyword else 0


def _by_keyword(
    old: Sequence[Layer], new: Sequence[Layer]
) -> Iterator[tuple[Layer | None, Layer | None]]:
    """Take edited commands for one another where there are as many, of the same keywords."""
    if [one.command.keyword for one in old] == [one.command.keyword for one in new]:
        yield from zip(old, new, strict=True)
    else:
        yield from ((one, None) for one in old)
        yield from ((None, one) for one in new)


def _change(old: Examined, new: Examined, before: Layer | None, after: Layer | None) -> Change:
    grown, shrunk = _weighed(_sizes(before), _sizes(after), _PATHS)
    shown = new.report.layers[after.index] if after else None
    if shown is None and before is not None:
        shown = old.report.layers[before.index]
    return Change(
        command=shown.command if shown else "",
        before_layer=before.index + 1 if before else None,
        after_layer=after.index + 1 if after else None,
        before=old.ledger.stored[before.index] if before else 0,
        after=new.ledger.stored[after.index] if after else 0,
        grown=grown,
        shrunk=shrunk,
    )


def _sizes(layer: Layer | None) -> dict[str, int]:
    entries = layer.scan.entries if layer else ()
    return {entry.path: entry.size for entry in entries if entry.kind == "file"}


def _visible(ledger: Ledger) -> dict[str, int]:
    return {path: node.inode.size for path, node in ledger.walk() if node.inode is not None}


def _weighed(
    before: dict[str, int], after: dict[str, int], most: int
) -> tuple[tuple[Weight, ...], tuple[Weight, ...]]:
    """Return the places that grew and those that shrank, by bytes."""
    return weigh(_more(before, after), most), weigh(_more(after, before), most)


def _more(less: dict[str, int], more: dict[str, int]) -> Iterable[tuple[str, int]]:
    return (
        (path, more[path] - less.get(path, 0)) for path in more if more[path] > less.get(path, 0)
    )
