"""Limits for CI: which an image keeps, and which it breaks."""

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from emit.errors import InputError, UsageError
from emit.layers.report import SCHEMA, Totals
from emit.plain import plain
from emit.units import percent, shown, size

_NAMED = 3  # forbidden paths that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the user gave, as text; empty where nothing."""

    max_size: str = ""
    max_pull: str = ""
    max_wasted: str = ""
    max_layer: str = ""
    min_efficiency: str = ""
    max_growth: str = ""
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One limit: `limit` and `actual` in the unit that `said` writes out."""

    name: str
    limit: str
    actual: str
    ok: bool

    def __str__(self) -> str:
        """Say it in a clause."""
        return f"{self.name} {self.limit}: {self.actual}"


def judge(
    limits: Limits,
    totals: Totals,
    layers: Iterable[int],
    paths: Iterable[str],
    before: Totals | None,
) -> tuple[Verdict, ...]:
    """Hold an image to its limits; raises UsageError on a limit that cannot be read.

    `layers` are the bytes of each, `paths` those of every layer, `before` is the baseline.
    """
    return (
        *_sizes(limits, totals, max(layers, default=0)),
        *_efficiency(limits.min_efficiency, totals),
        *_growth(limits.max_growth, totals, before),
        *_forbidden(limits.forbid, paths),
    )


def _sizes(limits: Limits, totals: Totals, biggest: int) -> Iterator[Verdict]:
    if limits.max_pull and totals.pulled is None:
        raise UsageError(
            "--max-pull-size: the layers in this archive are not packed, so nobody can tell; "
            "use --max-size, or save the image as an OCI archive"
        )
    for name, limit, actual in (
        ("--max-size", limits.max_size, totals.stored),
        ("--max-pull-size", limits.max_pull, totals.pulled or 0),
        ("--max-layer", limits.max_layer, biggest),
        ("--max-wasted", limits.max_wasted, totals.wasted),
    ):
        part = percent(limit)
        if part is not None and name == "--max-wasted":
            share = 100 * totals.wasted / (totals.stored or 1)
            yield _verdict(name, limit, f"{share:.1f} %", ok=share <= part)
        elif limit:
            yield _verdict(name, shown(size(limit)), shown(actual), ok=actual <= size(limit))


def _efficiency(limit: str, totals: Totals) -> Iterator[Verdict]:
    """Take 90%, 90 and 0.9 for the same."""
    if limit:
        least = percent(limit if limit.endswith("%") else limit + "%")
        if least is None or least > 100:  # noqa: PLR2004 - per cent
            raise UsageError(f"--min-efficiency {limit!r} is no share: write 90% or 0.9")
        if least <= 1 and not limit.endswith("%"):
            least *= 100
        actual = totals.efficiency
        yield _verdict("--min-efficiency", f"{least:g} %", f"{actual:g} %", ok=actual >= least)


def _growth(limit: str, totals: Totals, before: Totals | None) -> Iterator[Verdict]:
    if not limit:
        return
    if before is None:
        raise UsageError("--max-growth needs what to grow from: --baseline REPORT.json or 2 images")
    grown = totals.stored - before.stored
    part = percent(limit)
    if part is None:
        yield _verdict("--max-growth", shown(size(limit)), shown(grown), ok=grown <= size(limit))
    else:
        share = 100 * grown / (before.stored or 1)
        actual = f"{share:.1f} % ({shown(before.stored)} to {shown(totals.stored)})"
        yield _verdict("--max-growth", f"{part:g} %", actual, ok=share <= part)


def _forbidden(globs: tuple[str, ...], paths: Iterable[str]) -> Iterator[Verdict]:
    """Look for each glob in every layer: what a later one removed is in the image still."""
    matchers = [re.compile(_pattern(glob)).match for glob in globs]
    found: list[list[str]] = [[] for _ in globs]
    for path in paths if globs else ():
        for match, hits in zip(matchers, found, strict=True):
            if match(f"/{path}"):
                hits.append(f"/{path}")
    for glob, paths_found in zip(globs, found, strict=True):
        hits = sorted(set(paths_found))
        more = f" and {len(hits) - _NAMED} more" if len(hits) > _NAMED else ""
        actual = ", ".join(map(plain, hits[:_NAMED])) + more if hits else "no such path"
        yield _verdict("--forbid", glob, actual, ok=not hits)


def _pattern(glob: str) -> str:
    """Anchor a glob with a slash at its head to the root, let any other begin anywhere."""
    rooted = glob if glob.startswith("/") else f"*/{glob}"
    return (
        fnmatch.translate(rooted.rstrip("/")).removesuffix(r"\Z").removesuffix(r"\z") + r"(?:/|\Z)"
    )


def _verdict(name: str, limit: str, actual: str, *, ok: bool) -> Verdict:
    return Verdict(name=name, limit=limit, actual=actual, ok=ok)


def baseline(name: str) -> Totals:
    """Read the totals of a report, or the newer of two, that --json wrote; raises InputError."""
    try:
        document = json.loads(Path(name).read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from error
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f"{name} is no report of schema {SCHEMA}: write it by emit layers --json")
    newer = document.get("after", document)
    values = newer.get("totals") if isinstance(newer, dict) else None
    try:
        totals = Totals(**values or {})
    except TypeError as error:
        raise InputError(f"{name} has no totals as emit layers --json writes them") from error
    if not isinstance(totals.stored, int):
        raise InputError(f"{name} has no number where its total must be")
    return totals
