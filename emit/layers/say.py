"""The sentences that several forms of the report share. Pure."""

from collections.abc import Iterator

from emit.layers.compare import Change, Comparison
from emit.layers.findings import Finding
from emit.layers.ledger import How
from emit.layers.report import LayerReport, Report
from emit.layers.weigh import Weight
from emit.units import shown

_WORTH = 0.001  # of all stored bytes: less is not worth a person's time
_SECRETS = 5
_OTHERS = 3
_COMMAND = 120  # characters of a command in a sentence


def headline(report: Report) -> str:
    """Return the image's name and its numbers in one sentence."""
    totals = report.totals
    pull = f", {shown(totals.pulled)} to pull" if totals.pulled is not None else ""
    return (
        f"{named(report)} {report.image.platform}: {shown(totals.stored)} in "
        f"{count(totals.layers, 'layer')}{pull}, {shown(totals.wasted)} wasted, "
        f"efficiency {totals.efficiency:.0f} %"
    )


def compared(comparison: Comparison) -> str:
    """Return in one sentence how much bigger the newer image is."""
    old, new = comparison.before, comparison.after
    delta = comparison.delta
    if not delta:
        more = "as big as"
    else:
        more = f"{shown(abs(delta))} {'bigger' if delta > 0 else 'smaller'} than"
    share = 100 * delta / (old.totals.stored or 1)
    return (
        f"{named(new)} is {more} {named(old)}: {shown(new.totals.stored)}, was "
        f"{shown(old.totals.stored)} ({share:+.1f} %); "
        f"{count(comparison.same_layers, 'layer')} at the bottom the same"
    )


def named(report: Report) -> str:
    """Return the name that was asked for, and the tags where they say more."""
    image = report.image
    if image.tags and image.name not in image.tags:
        return f"{image.name} ({', '.join(image.tags)})"
    return image.name


def one_line(command: str) -> str:
    """Return a command in one line of a readable length."""
    text = " ".join(command.split()) or "(no command in the history)"
    return text if len(text) <= _COMMAND else text[: _COMMAND - 1] + "…"


def where(layer: LayerReport) -> str:
    """Return a layer's number, and the line of the Dockerfile where that is known."""
    source = f", {layer.source.file}:{layer.source.line}" if layer.source else ""
    return f"(layer {layer.index}{source})"


def changed_where(one: Change) -> str:
    """Say which layer a change is in, and how big it was and is."""
    if one.before_layer is None:
        return f"new layer {one.after_layer}"
    if one.after_layer is None:
        return f"gone, was layer {one.before_layer}"
    return f"layer {one.after_layer}: {shown(one.after)}, was {shown(one.before)}"


def place(one: Weight) -> str:
    """Return a path with its bytes, and a folder with its files."""
    many = f", {count(one.files, 'file')}" if one.path.endswith("/") else ""
    return f"{one.path} {shown(one.bytes)}{many}"


def signed(delta: int) -> str:
    """Return bytes with their sign."""
    return f"{'+' if delta > 0 else ''}{shown(delta)}"


def count(number: int, noun: str) -> str:
    """Return `1 layer` or `2 layers`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def worth(report: Report) -> list[Finding]:
    """Return the findings that are worth a person's time and not the base image's."""
    least = _WORTH * report.totals.stored
    return [one for one in report.findings if one.bytes > least and not one.base]


def culprit(report: Report, finding: Finding) -> LayerReport:
    """Return whose command is to change: what removed the bytes, else what stored them."""
    return report.layers[(finding.killed_by or finding.layer) - 1]


def secret_lines(report: Report) -> Iterator[str]:
    """Say which files and build arguments are secrets by their names."""
    if report.secrets or report.image.secret_args:
        yield "\nSecrets, by their names (nobody looked inside)"
    for one in report.secrets[:_SECRETS]:
        later = f"; layer {one.removed_by} does not take it out again" if one.removed_by else ""
        yield f"  {one.path} in layer {one.layer}{later}"
    if len(report.secrets) > _SECRETS:
        yield f"  and {len(report.secrets) - _SECRETS} more: --json has them all"
    for name in report.image.secret_args:
        yield f"  build argument {name}: the history keeps its value; use RUN --mount=type=secret"


def notes(report: Report, mark: str = " (b)") -> Iterator[str]:
    """Say what a reader should know of how the numbers came to be.

    `mark` is what stands behind the number of a layer of the base image.
    """
    image = report.image
    if image.history == "missing":
        yield "The image has no history: nobody can tell its commands."
    if image.history == "partial":
        yield "The image's history has another number of layers: the oldest commands may be wrong."
    if image.base_layers:
        lost = (one for one in report.findings if one.base and one.rule in {*How})
        wasted = sum(one.bytes for one in lost)
        yield (
            f"The base image is {count(image.base_layers, 'layer')}{mark}"
            + (f"; it wastes {shown(wasted)} itself." if wasted else ".")
        )
    if image.attestations:
        yield f"{count(image.attestations, 'attestation')} skipped: no part of the file system."
    if image.others:
        some = ", ".join(image.others[:_OTHERS])
        more = f" and {len(image.others) - _OTHERS} more" if len(image.others) > _OTHERS else ""
        yield f"The archive also holds {some}{more}: --platform, --tag."
    if image.absent:
        yield f"{count(image.absent, 'other image')} of the index not in the archive."
