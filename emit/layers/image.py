"""From blobs to one image: its layers, each with the command that made it."""

from dataclasses import dataclass

from emit.errors import InputError
from emit.layers.history import Command, command
from emit.layers.manifests import (
    Json,
    as_list,
    as_map,
    as_strings,
    as_text,
    choose,
    digest_of,
    document_of,
    find,
    label,
)
from emit.layers.scan import Scan
from emit.layers.store import Store

_MOST = 1000  # layers; the engines take 127
_UNKNOWN = Command(keyword="", text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer, as it was read, and the command that made it. `digest` is the blob's name."""

    index: int
    digest: str
    diff_id: str
    command: Command
    comment: str
    scan: Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image; `history` is whether its commands are `whole`, `partial` or `missing`.

    `others` are the archive's other images; `absent` counts those that only its index has.
    """

    id: str
    tags: tuple[str, ...]
    platform: str
    created: str
    history: str
    build_args: tuple[str, ...]
    layers: tuple[Layer, ...]
    attestations: int
    absent: int
    others: tuple[str, ...]


def load(store: Store, *, platform: str, tag: str) -> Image:
    """Choose the image and read its layers; raises InputError, or UsageError on the choice."""
    found = find(store)
    chosen = choose(list(found.candidates.values()), platform=platform, tag=tag)
    if len(chosen.layers) > _MOST:
        raise InputError(
            f"it says that it has {len(chosen.layers)} layers; no engine takes so many"
        )
    config = document_of(store, chosen.config)
    diff_ids = as_strings(as_map(config.get("rootfs")).get("diff_ids"))
    entries = [as_map(entry) for entry in as_list(config.get("history"))]
    kept = [entry for entry in entries if not entry.get("empty_layer")]
    scans = store.scans(chosen.layers)
    history = _aligned(kept, len(scans))
    layers = tuple(
        Layer(
            index=index,
            digest=digest_of(name),
            diff_id=diff_ids[index] if index < len(diff_ids) else "",
            command=command(as_text(entry.get("created_by"))) if entry else _UNKNOWN,
            comment=as_text(entry.get("comment")),
            scan=scan,
        )
        for index, (name, scan, entry) in enumerate(zip(chosen.layers, scans, history, strict=True))
    )
    return Image(
        id=digest_of(chosen.config),
        tags=tuple(chosen.tags),
        platform=chosen.platform,
        created=as_text(config.get("created")),
        history=_history(kept, len(scans)),
        build_args=_build_args(entries),
        layers=layers,
        attestations=found.attestations,
        absent=found.absent,
        others=tuple(sorted(label(one) for one in found.candidates.values() if one is not chosen)),
    )


def _aligned(kept: list[Json], layers: int) -> list[Json]:
    """Give each layer its entry; with too few or too many the newest are the right ones."""
    return [{}] * (layers - len(kept)) + kept[max(0, len(kept) - layers) :]


def _history(kept: list[Json], layers: int) -> str:
    if not any(as_text(entry.get("created_by")) for entry in kept):
        return "missing"
    return "whole" if len(kept) == layers else "partial"


def _build_args(entries: list[Json]) -> tuple[str, ...]:
    """Return the names of all build arguments that the history tells, in order."""
    commands = [command(as_text(entry.get("created_by"))) for entry in entries]
    return tuple(dict.fromkeys(name for one in commands for name in one.args))
