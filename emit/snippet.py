"""Pins -> Dockerfile text, in four styles, and the same as plain sh."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from emit.assets.lockfile import Pin
from emit.assets.platforms import ANY, PLATFORMS
from emit.assets.spec import FORMATS, Asset, format_of
from emit.continuation import run_instruction
from emit.errors import UsageError
from emit.render import plain_command, render

STYLES = ("run", "add", "rget", "script", "sh")
PARTS = ("stages", "use")

_CACHE = "--mount=type=cache,id=emit,target=/var/cache/emit,sharing=locked"

#: Folders that every image has.
_USUAL = re.compile(r"/|/(bin|etc|opt|sbin|srv|var)|/usr(/local)?(/(bin|lib|sbin|share))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How an asset is to be written: a style, one of its parts or all, and blocks kept."""

    style: str = "run"
    part: str = ""
    resume: bool = False

    def __post_init__(self) -> None:
        """Raise UsageError where the options contradict one another."""
        if self.part and self.style != "add":
            raise UsageError(f"--part is for --style add: {self.style} is one piece")
        if self.resume and self.style not in {"run", "script"}:
            raise UsageError("--resume is for --style run and script, which fetch by blocks")

    def __str__(self) -> str:
        """Return the options that mean this look."""
        words = [f"--style {self.style}"]
        words += [f"--part {self.part}"] if self.part else []
        return " ".join([*words, *(["--resume"] if self.resume else [])])


def snippet(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    """Return the text of one asset; raises UsageError where the style cannot do it."""
    if asset.secret and look.style != "script":
        raise UsageError(
            f"{asset.name} is private, and a token must not follow a redirect: "
            f"`emit fetch {asset.name} -o get-{asset.name}.sh` and --style script"
        )
    styles: dict[str, Callable[[Asset, Sequence[Pin], Look], str]] = {
        "run": _run,
        "add": _add,
        "rget": _rget,
        "script": _script,
        "sh": _sh,
    }
    return styles[look.style](asset, pins, look)


def body(asset: Asset, pins: Sequence[Pin], *, how: str = "", resume: bool = False) -> str:
    """Return the commands of a RUN, in sh; HOW is rget, or mounted: then it is there already."""
    packed = format_of(pins[0].file) if asset.unpack else ""
    named = bool(packed) and any(pin.members for pin in pins)
    differ = len({pin.members for pin in pins}) > 1
    blocks = any(pin.blocks for pin in pins) and not how
    dest = asset.install or asset.into
    if asset.strip and packed == "zip":
        raise UsageError(f"{asset.name}: unzip strips no folders: use --style script, which does")
    download = _download(asset, pins[0].file, packed)
    if how == "mounted":
        download = f"/mnt/{asset.name}"
    values = {
        "cases": pins[0].platform != ANY and (how != "mounted" or differ),
        "pins": [_arm(pin) for pin in pins],
        "name": asset.name,
        "differ": differ,
        "members": ["$@"] if differ else pins[0].members,
        "rget": how == "rget",
        "mounted": how == "mounted",
        "blocks": blocks,
        "resume": resume,
        "folder": "" if _USUAL.fullmatch(_folder(asset)) else _folder(asset),
        "parts": f"{download}.parts",
        "download": download,
        "sums": f"{download}.sha256",
        "dest": dest,
        "packed": bool(packed),
        "unpack": f"{packed} {_amount(asset, named=named)}",
        "strip": asset.strip,
        "mode": asset.mode if asset.install else "",
        "test": asset.test,
    }
    return render("dockerfile/run.sh.j2", values)


def _amount(asset: Asset, *, named: bool) -> str:
    if asset.install:
        return "file"
    return "some" if named else "all"


def _arm(pin: Pin) -> dict[str, object]:
    """Return what one platform's arm says; a small one among large ones is a single block."""
    arch = "" if pin.platform == ANY else PLATFORMS[pin.platform].apk
    return {
        "arch": arch,
        "url": pin.url,
        "sha256": pin.sha256,
        "blocks": pin.blocks or (pin.sha256,),
        "block": pin.block or pin.size,
        "members": pin.members,
    }


def _folder(asset: Asset) -> str:
    return asset.into or asset.install.rpartition("/")[0] or "/"


def _download(asset: Asset, file: str, packed: str) -> str:
    """Return where the file is while it is worked on: beside its place, in no other folder."""
    if not packed:
        return asset.install
    end = next(end for end in FORMATS if file.lower().endswith(end))
    return f"{_folder(asset).rstrip('/')}/{asset.name}{end}"


def _run(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    flags = [_CACHE] if look.resume and any(pin.blocks for pin in pins) else []
    return run_instruction(body(asset, pins, resume=bool(flags)), flags)


def _rget(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    del look
    mount = "--mount=type=bind,source=rget.sh,target=/rget.sh"
    return run_instruction(body(asset, pins, how="rget"), [mount])


def _script(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    del pins
    name = f"get-{asset.name}.sh"
    flags = [f"--mount=type=bind,source={name},target=/{name}"]
    flags += [_CACHE] if look.resume else []
    flags += [f"--mount=type=secret,id={asset.secret},required=true"] if asset.secret else []
    cache = " -c /var/cache/emit" if look.resume else ""
    return " \\\n\t".join(["RUN " + flags[0], *flags[1:], f"sh /{name}{cache}"]) + "\n"


def _sh(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    del look
    lines = body(asset, pins).rstrip("\n").split("\n")
    inside = (f"\t{line}".rstrip() for line in lines)
    return "\n".join(["(", *inside, ")"]) + "\n"


def _add(asset: Asset, pins: Sequence[Pin], look: Look) -> str:
    if any(pin.sha256 == "" for pin in pins):
        raise UsageError(f"{asset.name} has no digest")
    parts = {"stages": _stages(asset, pins), "use": _use(asset, pins)}
    if look.part:
        return parts[look.part]
    return f"{parts['stages']}\n# in the stage that it is for:\n{parts['use']}"


def _stages(asset: Asset, pins: Sequence[Pin]) -> str:
    """Return a stage for each platform, and the one that TARGETARCH chooses among them."""
    variant = any(pin.platform.count("/") > 1 for pin in pins)
    text = []
    for pin in pins:
        stage = asset.name
        if pin.platform != ANY:
            stage += f"-{PLATFORMS[pin.platform].arch}"
        text.append(
            f"FROM scratch AS {stage}\n"
            f"ADD --checksum=sha256:{pin.sha256} \\\n\t{_word(pin.url)} \\\n\t/{asset.name}\n"
        )
    if pins[0].platform != ANY:
        chosen = "${TARGETARCH}" + ("${TARGETVARIANT}" if variant else "")
        text.append(f"# hadolint ignore=DL3006\nFROM {asset.name}-{chosen} AS {asset.name}\n")
    return "\n".join(text)


def _word(url: str) -> str:
    """Return a URL in which a Dockerfile finds no variable and no quote."""
    return quote(url, safe=":/?#[]@!&()*+,;=%~._-")


def _use(asset: Asset, pins: Sequence[Pin]) -> str:
    if not asset.unpack:
        mode = asset.mode.zfill(4)
        copy = f"COPY --from={asset.name} --chmod={mode} /{asset.name} {_place(asset.install)}\n"
        return copy + (f"RUN {plain_command(asset.test)}\n" if asset.test else "")
    mount = f"--mount=type=bind,from={asset.name},source=/{asset.name},target=/mnt/{asset.name}"
    return run_instruction(body(asset, pins, how="mounted"), [mount])


def _place(path: str) -> str:
    """Return a path as COPY takes it; raises UsageError for one that it could not."""
    if set(path) & set(" \"'\\$[]"):
        raise UsageError(f"{path!r}: --style add cannot name such a place; use --style run")
    return path
