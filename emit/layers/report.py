"""The report as data: what --json writes, and what every other form is drawn from. Pure.

Bytes are bytes; layers, and the numbers by which others name them, count from 1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from emit import __version__
from emit.errors import InputError
from emit.layers.findings import Finding, Secret, find, secrets
from emit.layers.image import Image
from emit.layers.ledger import How, Ledger, keep_books
from emit.layers.scan import Entry
from emit.layers.waste import is_secret_arg
from emit.layers.weigh import Weight, weigh
from emit.plain import plain

SCHEMA = 1
_TOP = 10  # places a layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a Dockerfile."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """`stored` = `visible` + `wasted`; `pulled` is None where the archive has plain layers only.

    `efficiency` is visible / stored in per cent; `duplicate` is the part of `visible` that is
    there more than once.
    """

    layers: int
    files: int
    stored: int
    visible: int
    wasted: int
    duplicate: int
    pulled: int | None
    efficiency: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """`wasted` was stored here and is gone, `removed` was stored anywhere and goes here."""

    index: int
    digest: str
    diff_id: str
    packing: str
    pulled: int | None
    stored: int
    visible: int
    wasted: int
    removed: int
    rewritten: int
    files: int
    instruction: str
    command: str
    args: tuple[str, ...]
    comment: str
    source: Place | None
    base: bool
    top: tuple[Weight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which image it is; `history` tells whether its commands are whole, partial or missing."""

    name: str
    tags: tuple[str, ...]
    id: str
    platform: str
    created: str
    history: str
    base_layers: int | None
    attestations: int
    absent: int
    others: tuple[str, ...]
    secret_args: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is said of one image."""

    image: About
    totals: Totals
    findings: tuple[Finding, ...]
    secrets: tuple[Secret, ...]
    layers: tuple[LayerReport, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON has it: the schema's version first."""
        return {"schema": SCHEMA, "emit": __version__, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An image, its books and its report."""

    image: Image
    ledger: Ledger
    report: Report


def examine(
    name: str, image: Image, *, base: int | None, places: Mapping[int, Place] | None = None
) -> Examined:
    """Keep the books and report; `base` is how many layers are the base image's, None unknown.

    `places` tells by a layer's index where in a Dockerfile its command stands. Raises
    InputError where a layer's links lead nowhere.
    """
    try:
        ledger = keep_books([layer.scan.entries for layer in image.layers])
    except InputError as error:
        raise InputError(f"{'stdin' if name == '-' else name}: {error}") from error
    commands = [layer.command for layer in image.layers]
    findings = find(ledger, commands, base or 0)
    report = Report(
        image=_about(name, image, base),
        totals=_totals(image, ledger, findings),
        findings=findings,
        secrets=secrets([layer.scan.entries for layer in image.layers], ledger),
        layers=_layers(image, ledger, base or 0, places or {}),
    )
    return Examined(image=image, ledger=ledger, report=report)


def _about(name: str, image: Image, base: int | None) -> About:
    tags = tuple(map(plain, image.tags))
    return About(
        name=plain(name) if name != "-" else next(iter(tags), "stdin"),
        tags=tags,
        id=plain(image.id),
        platform=plain(image.platform),
        created=plain(image.created),
        history=image.history,
        base_layers=base,
        attestations=image.attestations,
        absent=image.absent,
        others=tuple(map(plain, image.others)),
        secret_args=tuple(filter(is_secret_arg, image.build_args)),
    )


def _totals(image: Image, ledger: Ledger, findings: tuple[Finding, ...]) -> Totals:
    stored = sum(ledger.stored)
    wasted = sum(one.size for one in ledger.losses)
    packed = any(layer.scan.packing != "plain" for layer in image.layers)
    return Totals(
        layers=len(image.layers),
        files=sum(ledger.files),
        stored=stored,
        visible=stored - wasted,
        wasted=wasted,
        duplicate=sum(one.bytes for one in findings if one.rule == "duplicate"),
        pulled=sum(layer.scan.packed for layer in image.layers) if packed else None,
        efficiency=round(100 * (stored - wasted) / stored, 2) if stored else 100.0,
    )


def _layers(
    image: Image, ledger: Ledger, base: int, places: Mapping[int, Place]
) -> tuple[LayerReport, ...]:
    count = len(image.layers)
    wasted, removed, rewritten = [0] * count, [0] * count, [0] * count
    for loss in ledger.losses:
        wasted[loss.layer] += loss.size
        removed[loss.killer] += loss.size
        rewritten[loss.killer] += loss.size * (loss.how is How.REWRITTEN)
    packed = any(layer.scan.packing != "plain" for layer in image.layers)
    return tuple(
        LayerReport(
            index=index + 1,
            digest=plain(layer.digest),
            diff_id=plain(layer.diff_id),
            packing=layer.scan.packing,
            pulled=layer.scan.packed if packed else None,
            stored=ledger.stored[index],
            visible=ledger.stored[index] - wasted[index],
            wasted=wasted[index],
            removed=removed[index],
            rewritten=rewritten[index],
            files=ledger.files[index],
            instruction=layer.command.keyword,
            command=_lines(str(layer.command)),
            args=layer.command.args,
            comment=plain(layer.comment),
            source=places.get(index),
            base=index < base,
            top=weigh(_sizes(layer.scan.entries), _TOP),
        )
        for index, layer in enumerate(image.layers)
    )


def _sizes(entries: Iterable[Entry]) -> Iterator[tuple[str, int]]:
    return ((entry.path, entry.size) for entry in entries if entry.kind == "file")


def _lines(text: str) -> str:
    """Make a command harmless, its line ends and tabs kept."""
    return "\n".join(plain(line.replace("\t", "    ")) for line in text.split("\n"))
