"""From blobs to one image: manifests of every generation, the choice among several, history."""

import json
import platform as machine
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emit.errors import InputError, UsageError
from emit.layers.history import Command, command
from emit.layers.scan import Scan
from emit.layers.store import Store

_MOST = 1000  # layers; the engines take 127
_NESTED = 4  # indexes in indexes
_ATTESTATION = "vnd.docker.reference.type"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_UNKNOWN = Command(keyword="", text="")
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

#: What JSON gives; each use checks what it takes.
Json = Mapping[str, Any]


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
    """One image; `history` is whether its commands are `whole`, `partial` or `missing`."""

    id: str
    tags: tuple[str, ...]
    platform: str
    created: str
    history: str
    build_args: tuple[str, ...]
    layers: tuple[Layer, ...]
    attestations: int
    absent: int


@dataclass(slots=True, kw_only=True)
class _Candidate:
    config: str
    layers: list[str]
    tags: list[str]
    platform: str = ""


@dataclass(slots=True, kw_only=True)
class _Found:
    candidates: dict[str, _Candidate]
    attestations: int = 0
    absent: int = 0


def load(store: Store, *, platform: str, tag: str) -> Image:
    """Choose the image and read its layers; raises InputError, or UsageError on the choice."""
    found = _find(store)
    chosen = _choose(list(found.candidates.values()), platform=platform, tag=tag)
    if len(chosen.layers) > _MOST:
        raise InputError(
            f"it says that it has {len(chosen.layers)} layers; no engine takes so many"
        )
    config = _json(store, chosen.config)
    diff_ids = _strings(_map(config.get("rootfs")).get("diff_ids"))
    entries = [_map(entry) for entry in _list(config.get("history"))]
    kept = [entry for entry in entries if not entry.get("empty_layer")]
    scans = store.scans(chosen.layers)
    history = _aligned(kept, len(scans))
    layers = tuple(
        Layer(
            index=index,
            digest=_digest(name),
            diff_id=diff_ids[index] if index < len(diff_ids) else "",
            command=command(_text(entry.get("created_by"))) if entry else _UNKNOWN,
            comment=_text(entry.get("comment")),
            scan=scan,
        )
        for index, (name, scan, entry) in enumerate(zip(chosen.layers, scans, history, strict=True))
    )
    return Image(
        id=_digest(chosen.config),
        tags=tuple(chosen.tags),
        platform=chosen.platform,
        created=_text(config.get("created")),
        history=_history(kept, len(scans)),
        build_args=_build_args(entries),
        layers=layers,
        attestations=found.attestations,
        absent=found.absent,
    )


def _find(store: Store) -> _Found:
    """Collect the images: of index.json, else of manifest.json, which also gives names."""
    found = _Found(candidates={})
    index = store.text("index.json")
    if index is not None:
        _walk(store, _parsed(index, "index.json"), found, tags=[], platform="", depth=0)
    manifest = store.text("manifest.json")
    if manifest is not None:
        _legacy(store, _parsed_list(manifest), found)
    if index is None and manifest is None:
        raise InputError(
            "there is neither index.json nor manifest.json in it, so it is no image; "
            "`docker save` writes one, `docker export` does not"
        )
    if not found.candidates:
        raise InputError("it holds no image whose layers are all there")
    return found


def _walk(
    store: Store, index: Json, found: _Found, *, tags: list[str], platform: str, depth: int
) -> None:
    """Take the manifests of an OCI index, and of the indexes in it."""
    if depth > _NESTED:
        raise InputError(f"its indexes are nested more than {_NESTED} deep")
    for descriptor in map(_map, _list(index.get("manifests"))):
        notes = _map(descriptor.get("annotations"))
        if _ATTESTATION in notes:
            found.attestations += 1
            continue
        own = [_text(notes[name]) for name in _NAMES if name in notes][:1]
        where = _platform(_map(descriptor.get("platform"))) or platform
        blob = store.text(_blob(descriptor))
        if blob is None:
            found.absent += 1
            continue
        document = _parsed(blob, _blob(descriptor))
        if "manifests" in document:
            _walk(store, document, found, tags=own or tags, platform=where, depth=depth + 1)
        else:
            _manifest(store, document, found, tags=own or tags, platform=where)


def _manifest(
    store: Store, document: Json, found: _Found, *, tags: list[str], platform: str
) -> None:
    config = _blob(_map(document.get("config")))
    layers = [_blob(_map(layer)) for layer in _list(document.get("layers"))]
    if not store.has(config) or not all(map(store.has, layers)):
        found.absent += 1
        return
    _add(store, found, _Candidate(config=config, layers=layers, tags=tags, platform=platform))


def _legacy(store: Store, manifest: list[Json], found: _Found) -> None:
    """Take manifest.json, which `docker save` writes in each generation; old ones only that."""
    indexed = set(found.candidates)
    for item in manifest:
        tags = _strings(item.get("RepoTags"))
        config = _text(item.get("Config"))
        layers = _strings(item.get("Layers"))
        if config in indexed:
            found.candidates[config].tags = tags or found.candidates[config].tags
        elif not store.has(config) or not all(map(store.has, layers)):
            found.absent += 1
        else:
            _add(store, found, _Candidate(config=config, layers=layers, tags=tags))


def _add(store: Store, found: _Found, new: _Candidate) -> None:
    """Keep one candidate a config: two tags are two index entries of one image."""
    known = found.candidates.setdefault(new.config, new)
    known.tags = list(dict.fromkeys([*known.tags, *new.tags]))
    known.platform = _platform(_json(store, new.config)) or new.platform


def _choose(candidates: list[_Candidate], *, platform: str, tag: str) -> _Candidate:
    """Narrow by what the user asked for, then by this machine's own platform."""
    if tag:
        candidates = _only(candidates, lambda one: _tagged(one, tag), f"tag {tag}")
    if platform:
        candidates = _only(candidates, lambda one: _runs_on(one, platform), f"platform {platform}")
    elif len({one.platform for one in candidates}) > 1:
        arch = _MACHINES.get(machine.machine(), machine.machine())
        own = [one for one in candidates if _runs_on(one, f"linux/{arch}")]
        candidates = own or candidates
    if len(candidates) > 1:
        names = ", ".join(sorted(map(_label, candidates)))
        raise UsageError(f"it holds {len(candidates)} images: {names}; choose by --tag, --platform")
    return candidates[0]


def _only(
    candidates: list[_Candidate], fits: Callable[[_Candidate], bool], what: str
) -> list[_Candidate]:
    kept = [one for one in candidates if fits(one)]
    if not kept:
        there = ", ".join(sorted(map(_label, candidates)))
        raise UsageError(f"it holds no image of {what}; there is {there}")
    return kept


def _label(one: _Candidate) -> str:
    return f"{' '.join(one.tags) or _digest(one.config)[:19]} ({one.platform or 'no platform'})"


def _tagged(one: _Candidate, tag: str) -> bool:
    return any(name == tag or name.endswith((f"/{tag}", f":{tag}")) for name in one.tags)


def _runs_on(one: _Candidate, platform: str) -> bool:
    """Tell whether the platform is the asked one; linux/arm asks for each of its variants."""
    return one.platform == platform or one.platform.startswith(platform + "/")


def _platform(document: Json) -> str:
    parts = (_text(document.get(key)) for key in ("os", "architecture", "variant"))
    return "/".join(part for part in parts if part)


def _aligned(kept: list[Json], layers: int) -> list[Json]:
    """Give each layer its entry; with too few or too many the newest are the right ones."""
    return [{}] * (layers - len(kept)) + kept[max(0, len(kept) - layers) :]


def _history(kept: list[Json], layers: int) -> str:
    if not any(_text(entry.get("created_by")) for entry in kept):
        return "missing"
    return "whole" if len(kept) == layers else "partial"


def _build_args(entries: list[Json]) -> tuple[str, ...]:
    """Return the names of all build arguments that the history tells, in order."""
    commands = [command(_text(entry.get("created_by"))) for entry in entries]
    return tuple(dict.fromkeys(name for one in commands for name in one.args))


def _blob(descriptor: Json) -> str:
    algorithm, _, encoded = _text(descriptor.get("digest")).partition(":")
    return f"blobs/{algorithm}/{encoded}"


def _digest(name: str) -> str:
    """Return a blob's digest, or, in the old layouts, its name."""
    parts = name.removesuffix(".json").removesuffix("/layer.tar").split("/")
    return ":".join(parts[1:]) if parts[0] == "blobs" else parts[-1]


def _json(store: Store, name: str) -> Json:
    text = store.text(name)
    if text is None:
        raise InputError(f"its config {name} is not there")
    return _parsed(text, name)


def _parsed(text: bytes, name: str) -> Json:
    document = _loaded(text, name)
    if not isinstance(document, dict):
        raise InputError(f"{name} is no JSON object; is it damaged?")
    return document


def _parsed_list(text: bytes) -> list[Json]:
    document = _loaded(text, "manifest.json")
    if not isinstance(document, list):
        raise InputError("manifest.json is no JSON list; is it damaged?")
    return list(map(_map, document))


def _loaded(text: bytes, name: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no JSON: {error}") from error


def _map(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _strings(value: object) -> list[str]:
    return [item for item in _list(value) if isinstance(item, str)]
