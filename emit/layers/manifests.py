"""The manifests in an archive, of every generation, and the choice among several images."""

import json
import platform as machine
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emit.errors import InputError, UsageError
from emit.layers.store import Store

_NESTED = 4  # indexes in indexes
_ATTESTATION = "vnd.docker.reference.type"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

#: What JSON gives; each use checks what it takes.
Json = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Candidate:
    """An image by the names of its blobs."""

    config: str
    layers: list[str]
    tags: list[str]
    platform: str = ""


@dataclass(slots=True, kw_only=True)
class Found:
    """All images of an archive, by their configs, and how much of it was passed over."""

    candidates: dict[str, Candidate]
    attestations: int = 0
    absent: int = 0


def find(store: Store) -> Found:
    """Collect the images: of index.json, else of manifest.json, which also gives names."""
    found = Found(candidates={})
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
    store: Store, index: Json, found: Found, *, tags: list[str], platform: str, depth: int
) -> None:
    """Take the manifests of an OCI index, and of the indexes in it."""
    if depth > _NESTED:
        raise InputError(f"its indexes are nested more than {_NESTED} deep")
    for descriptor in map(as_map, as_list(index.get("manifests"))):
        notes = as_map(descriptor.get("annotations"))
        if _ATTESTATION in notes:
            found.attestations += 1
            continue
        own = [as_text(notes[name]) for name in _NAMES if name in notes][:1]
        where = _platform(as_map(descriptor.get("platform"))) or platform
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
    store: Store, document: Json, found: Found, *, tags: list[str], platform: str
) -> None:
    config = _blob(as_map(document.get("config")))
    layers = [_blob(as_map(layer)) for layer in as_list(document.get("layers"))]
    if not store.has(config) or not all(map(store.has, layers)):
        found.absent += 1
        return
    _add(store, found, Candidate(config=config, layers=layers, tags=tags, platform=platform))


def _legacy(store: Store, manifest: list[Json], found: Found) -> None:
    """Take manifest.json, which `docker save` writes in each generation; old ones only that."""
    indexed = set(found.candidates)
    for item in manifest:
        tags = as_strings(item.get("RepoTags"))
        config = as_text(item.get("Config"))
        layers = as_strings(item.get("Layers"))
        if config in indexed:
            found.candidates[config].tags = tags or found.candidates[config].tags
        elif not store.has(config) or not all(map(store.has, layers)):
            found.absent += 1
        else:
            _add(store, found, Candidate(config=config, layers=layers, tags=tags))


def _add(store: Store, found: Found, new: Candidate) -> None:
    """Keep one candidate a config: two tags are two index entries of one image."""
    known = found.candidates.setdefault(new.config, new)
    known.tags = list(dict.fromkeys([*known.tags, *new.tags]))
    known.platform = _platform(document_of(store, new.config)) or new.platform


def choose(candidates: list[Candidate], *, platform: str, tag: str) -> Candidate:
    """Narrow by what the user asked for, then by this machine's own platform."""
    if tag:
        candidates = _only(candidates, lambda one: _tagged(one, tag), f"tag {tag}")
    if platform:
        platform = platform if "/" in platform else f"linux/{platform}"
        candidates = _only(candidates, lambda one: _runs_on(one, platform), f"platform {platform}")
    elif len({one.platform for one in candidates}) > 1:
        arch = _MACHINES.get(machine.machine(), machine.machine())
        own = [one for one in candidates if _runs_on(one, f"linux/{arch}")]
        candidates = own or candidates
    if len(candidates) > 1:
        names = ", ".join(sorted(map(label, candidates)))
        raise UsageError(f"it holds {len(candidates)} images: {names}; choose by --tag, --platform")
    return candidates[0]


def _only(
    candidates: list[Candidate], fits: Callable[[Candidate], bool], what: str
) -> list[Candidate]:
    kept = [one for one in candidates if fits(one)]
    if not kept:
        there = ", ".join(sorted(map(label, candidates)))
        raise UsageError(f"it holds no image of {what}; there is {there}")
    return kept


def label(one: Candidate) -> str:
    """Return what tells it from the archive's other images: tags or digest, and platform."""
    return f"{' '.join(one.tags) or digest_of(one.config)[:19]} ({one.platform or 'no platform'})"


def _tagged(one: Candidate, tag: str) -> bool:
    return any(name == tag or name.endswith((f"/{tag}", f":{tag}")) for name in one.tags)


def _runs_on(one: Candidate, platform: str) -> bool:
    """Tell whether the platform is the asked one; linux/arm asks for each of its variants."""
    return one.platform == platform or one.platform.startswith(platform + "/")


def _platform(document: Json) -> str:
    parts = (as_text(document.get(key)) for key in ("os", "architecture", "variant"))
    return "/".join(part for part in parts if part)


def _blob(descriptor: Json) -> str:
    algorithm, _, encoded = as_text(descriptor.get("digest")).partition(":")
    return f"blobs/{algorithm}/{encoded}"


def digest_of(name: str) -> str:
    """Return a blob's digest, or, in the old layouts, its name."""
    parts = name.removesuffix(".json").removesuffix("/layer.tar").split("/")
    return ":".join(parts[1:]) if parts[0] == "blobs" else parts[-1]


def document_of(store: Store, name: str) -> Json:
    """Return a JSON object by its name; raises InputError."""
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
    return list(map(as_map, document))


def _loaded(text: bytes, name: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no JSON: {error}") from error


def as_map(value: object) -> Json:
    """Return a JSON object, an empty one for all else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return a JSON list, an empty one for all else."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return a JSON string, an empty one for all else."""
    return value if isinstance(value, str) else ""


def as_strings(value: object) -> list[str]:
    """Return the strings of a JSON list."""
    return [item for item in as_list(value) if isinstance(item, str)]
