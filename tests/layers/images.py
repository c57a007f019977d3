"""Images made by the stdlib's tarfile, in every layout that an engine has written."""

import gzip
import hashlib
import io
import json
import sys
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LAYOUTS = ("old", "docker25", "containerd", "oci", "podman")
FORMATS: dict[str, Literal[0, 1, 2]] = {"ustar": 0, "gnu": 1, "pax": 2}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": zstd.compress,
}


@dataclass(frozen=True, kw_only=True)
class F:
    """One member of a layer: a file of `data` unless `type` says otherwise."""

    path: str
    data: bytes = b""
    type: bytes = tarfile.REGTYPE
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    target: str = ""


def file(path: str, data: bytes | int = b"", mode: int = 0o644, uid: int = 0) -> F:
    """A file; a number makes content of that length that no other path has."""
    if isinstance(data, int):
        data = hashlib.shake_128(path.encode()).digest(data)
    return F(path=path, data=data, mode=mode, uid=uid)


def folder(path: str, mode: int = 0o755) -> F:
    return F(path=path, type=tarfile.DIRTYPE, mode=mode)


def link(path: str, target: str) -> F:
    return F(path=path, type=tarfile.LNKTYPE, target=target)


def symlink(path: str, target: str) -> F:
    return F(path=path, type=tarfile.SYMTYPE, target=target)


def gone(path: str) -> F:
    """A whiteout, with the junk that BuildKit leaves in its header."""
    head, _, name = path.rpartition("/")
    return F(path=f"{head}/.wh.{name}" if head else f".wh.{name}", mode=0, target="junk")


def opaque(path: str) -> F:
    return F(path=f"{path}/.wh..wh..opq")


def tarball(members: Sequence[F], form: str = "pax") -> bytes:
    """A tar archive of the members, in their order."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=FORMATS[form], errors="surrogateescape") as tar:
        for one in members:
            info = tarfile.TarInfo(one.path)
            info.type, info.mode, info.size = one.type, one.mode, len(one.data)
            info.uid, info.gid, info.linkname = one.uid, one.gid, one.target
            tar.addfile(info, io.BytesIO(one.data))
    return out.getvalue()


@dataclass(kw_only=True)
class Step:
    """A history entry, and the layer that it made unless that is None."""

    by: str = ""
    members: Sequence[F] | None = ()
    packed: str = "plain"


@dataclass(kw_only=True)
class Made:
    """An image to be laid out."""

    steps: Sequence[Step]
    tag: str = "made:1"
    arch: str = "amd64"
    variant: str = ""
    history: bool = True
    files: dict[str, bytes] = field(default_factory=dict)

    def layers(self) -> list[bytes]:
        """The layers' tar archives."""
        return [tarball(step.members) for step in self.steps if step.members is not None]

    def blobs(self) -> list[bytes]:
        """The layers as they are packed."""
        packings = [step.packed for step in self.steps if step.members is not None]
        return [PACKED[how](data) for how, data in zip(packings, self.layers(), strict=True)]

    def config(self) -> bytes:
        """The image's config."""
        entries = [
            {"created_by": step.by} | ({"empty_layer": True} if step.members is None else {})
            for step in self.steps
        ]
        return json.dumps(
            {
                "os": "linux",
                "architecture": self.arch,
                **({"variant": self.variant} if self.variant else {}),
                "created": "2026-01-02T03:04:05Z",
                "rootfs": {"type": "layers", "diff_ids": [named(data) for data in self.layers()]},
                **({"history": entries} if self.history else {}),
            }
        ).encode()


def named(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def blob(data: bytes) -> str:
    return f"blobs/sha256/{hashlib.sha256(data).hexdigest()}"


def descriptor(data: bytes, **more: object) -> dict[str, object]:
    return {"digest": named(data), "size": len(data), **more}


def oci(*images: Made, index_of_index: bool = False, attested: bool = False) -> dict[str, bytes]:
    """The files of an OCI layout."""
    files: dict[str, bytes] = {}
    manifests = []
    for made in images:
        config, blobs = made.config(), made.blobs()
        layers = [descriptor(data) for data in blobs]
        manifest = json.dumps({"config": descriptor(config), "layers": layers}).encode()
        files |= {blob(data): data for data in (*blobs, config, manifest)}
        platform = {"os": "linux", "architecture": made.arch}
        notes = {"io.containerd.image.name": made.tag}
        manifests.append(descriptor(manifest, platform=platform, annotations=notes))
    if attested:
        statement = json.dumps({"config": {}, "layers": []}).encode()
        files[blob(statement)] = statement
        notes = {"vnd.docker.reference.type": "attestation-manifest"}
        manifests.append(descriptor(statement, annotations=notes))
    if index_of_index:
        index = json.dumps({"manifests": manifests}).encode()
        files[blob(index)] = index
        manifests = [descriptor(index, annotations={"io.containerd.image.name": images[0].tag})]
    files["index.json"] = json.dumps({"manifests": manifests}).encode()
    files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
    return files


def legacy(made: Made) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of `docker save` before 25, and its links: a repeated layer is one."""
    files: dict[str, bytes] = {}
    links: dict[str, str] = {}
    names: list[str] = []
    seen: dict[bytes, str] = {}
    for number, data in enumerate(made.blobs()):
        name = f"{number:064x}/layer.tar"
        if data in seen:
            links[name] = f"../{seen[data]}"
        else:
            files[name] = data
        seen.setdefault(data, name)
        files[f"{number:064x}/json"] = b'{"id": "x"}'
        files[f"{number:064x}/VERSION"] = b"1.0"
        names.append(name)
    config = made.config()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = [{"Config": name, "RepoTags": [made.tag], "Layers": names}]
    files |= {name: config, "manifest.json": json.dumps(manifest).encode(), "repositories": b"{}"}
    return files, links


def docker25(made: Made) -> dict[str, bytes]:
    """The files of `docker save` from 25 on: an OCI layout with manifest.json beside it."""
    files = oci(made)
    layers = [blob(data) for data in made.blobs()]
    manifest = [{"Config": blob(made.config()), "RepoTags": [made.tag], "Layers": layers}]
    return files | {"manifest.json": json.dumps(manifest).encode(), "repositories": b"{}"}


def podman(made: Made) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of `podman save`: layers by digest, and links in the old places."""
    blobs, config = made.blobs(), made.config()
    names = [f"{hashlib.sha256(data).hexdigest()}.tar" for data in blobs]
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    links = {f"{number:064x}/layer.tar": f"../{one}" for number, one in enumerate(names)}
    manifest = [{"Config": name, "RepoTags": [f"localhost/{made.tag}"], "Layers": names}]
    files = dict(zip(names, blobs, strict=True)) | {name: config}
    return files | {"manifest.json": json.dumps(manifest).encode()}, links


def laid_out(made: Made, layout: str) -> bytes:
    """The image as one tar archive in the layout of that name."""
    links: dict[str, str] = {}
    if layout == "old":
        files, links = legacy(made)
    elif layout == "podman":
        files, links = podman(made)
    elif layout == "docker25":
        files = docker25(made)
    else:
        files = oci(made, index_of_index=layout == "containerd", attested=layout == "containerd")
    return archive(files | made.files, links)


def archive(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    """A tar archive of the files, then of the symbolic links."""
    members = [file(name, data) for name, data in files.items()]
    return tarball([*members, *(symlink(*pair) for pair in (links or {}).items())])


def unpacked(files: dict[str, bytes], place: Path) -> Path:
    """The files in a folder."""
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place
