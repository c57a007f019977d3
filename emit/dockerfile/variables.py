"""The variables that FROM may name: global ARGs and the platform's, as BuildKit sets them.

Sources of the rules: frontend/dockerfile/dockerfile2llb/platform.go and buildMetaArgs.
"""

import platform as machine
import re
from collections.abc import Mapping
from dataclasses import dataclass

from emit.dockerfile.lexer import Lexer, LexError
from emit.dockerfile.model import Dockerfile, Instruction
from emit.errors import DockerfileError, UsageError

_ARCHITECTURES = {
    **dict.fromkeys(("x86_64", "x86-64"), "amd64"),
    **dict.fromkeys(("aarch64", "arm64"), "arm64"),
    **dict.fromkeys(("i386", "i686"), "386"),
    **dict.fromkeys(("armhf", "armel", "armv7l", "armv6l"), "arm"),
}
_USUAL = {("arm64", "v8"): "", ("amd64", "v1"): "", ("arm", ""): "v7"}
_OTHER_VARIANT = {"armel": "v6", "armv6l": "v6"}
_PLATFORM = re.compile(r"[a-z0-9_]+(/[a-z0-9_-]+){0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What an image is for, such as linux/amd64 or linux/arm/v7."""

    system: str
    architecture: str
    variant: str

    def __str__(self) -> str:
        """Read as docker writes it."""
        return "/".join(part for part in (self.system, self.architecture, self.variant) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a build is told: `--build-arg`, `--platform`, `--target`."""

    build_args: Mapping[str, str]
    platform: Platform
    host: Platform
    platform_given: bool = False
    target: str = ""


def parse_platform(text: str) -> Platform:
    """Return the platform of a name such as linux/arm64 or amd64; raises UsageError."""
    name = text.lower()
    if not _PLATFORM.fullmatch(name):
        raise UsageError(f"{text!r} is no platform; write one such as linux/arm64")
    parts = name.split("/")
    if len(parts) == 1 and parts[0] not in {"linux", "windows", "darwin", "freebsd"}:
        parts = ["linux", *parts]
    system, written, variant = [*parts, "", ""][:3]
    written = written or this_machine().architecture
    architecture = _ARCHITECTURES.get(written, written)
    variant = variant or _OTHER_VARIANT.get(written, "")
    variant = _USUAL.get((architecture, variant), variant)
    return Platform(system=system, architecture=architecture, variant=variant)


def this_machine() -> Platform:
    """Return the platform that images are built on, and for, where nothing else is said."""
    return parse_platform(f"linux/{machine.machine() or 'amd64'}")


def settings(
    *, build_args: Mapping[str, str] | None = None, platform: str | None = None, target: str = ""
) -> Settings:
    """Return the settings of a build on this machine."""
    host = this_machine()
    return Settings(
        build_args=build_args or {},
        platform=parse_platform(platform) if platform else host,
        host=host,
        platform_given=platform is not None,
        target=target,
    )


def global_args(dockerfile: Dockerfile) -> list[Instruction]:
    """Return the ARGs before the first FROM."""
    found = []
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            break
        found.append(instruction)
    return found


def global_variables(dockerfile: Dockerfile, chosen: Settings) -> dict[str, str]:
    """Return what FROM sees; raises DockerfileError where a default cannot be expanded."""
    values = _platform_variables(chosen)
    lexer = Lexer(escape=dockerfile.escape)
    for instruction in global_args(dockerfile):
        for pair in instruction.pairs:
            if pair.key in chosen.build_args:
                values[pair.key] = chosen.build_args[pair.key]
            elif pair.value is not None:
                try:
                    values[pair.key] = lexer.expand(pair.value, values).result
                except LexError as error:
                    raise DockerfileError(
                        f"ARG {pair.key}: {error}; correct its default",
                        file=dockerfile.file,
                        line=instruction.line,
                    ) from error
    return values


def _platform_variables(chosen: Settings) -> dict[str, str]:
    values: dict[str, str] = {}
    for prefix, platform in (("BUILD", chosen.host), ("TARGET", chosen.platform)):
        values |= {
            f"{prefix}PLATFORM": str(platform),
            f"{prefix}OS": platform.system,
            f"{prefix}OSVERSION": "",
            f"{prefix}ARCH": platform.architecture,
            f"{prefix}VARIANT": platform.variant,
        }
    values["TARGETSTAGE"] = chosen.target or "default"
    return {name: chosen.build_args.get(name, value) for name, value in values.items()}
