"""What a platform is called by Docker, by apk and by `uname -m`.

apk's names: https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/src/apk_arch.h;
Docker's: https://github.com/containerd/platforms.
"""

from dataclasses import dataclass

#: The platform of an asset that is the same on every machine.
ANY = "any"

#: What a project that names its files by {arch} or {machine} is asked for.
USUAL = ("linux/amd64", "linux/arm64")


@dataclass(frozen=True, slots=True)
class Platform:
    """One machine: Docker's name, apk's, and what else `uname -m` may call it."""

    name: str
    apk: str
    uname: tuple[str, ...]

    @property
    def os(self) -> str:
        """The part before the first slash: `linux`."""
        return self.name.partition("/")[0]

    @property
    def arch(self) -> str:
        """Docker's TARGETARCH and TARGETVARIANT in one: `amd64`, `armv7`."""
        return self.name.partition("/")[2].replace("/", "")

    @property
    def machine(self) -> str:
        """What `uname -m` says first: `x86_64`."""
        return self.uname[0]


_ALL = (
    Platform("linux/386", "x86", ("i686", "i386", "i486", "i586")),
    Platform("linux/amd64", "x86_64", ("x86_64",)),
    Platform("linux/arm/v6", "armhf", ("armv6l",)),
    Platform("linux/arm/v7", "armv7", ("armv7l", "armv8l")),
    Platform("linux/arm64", "aarch64", ("aarch64",)),
    Platform("linux/loong64", "loongarch64", ("loongarch64",)),
    Platform("linux/ppc64le", "ppc64le", ("ppc64le",)),
    Platform("linux/riscv64", "riscv64", ("riscv64",)),
    Platform("linux/s390x", "s390x", ("s390x",)),
)

#: Every platform that Alpine has, by Docker's name.
PLATFORMS = {platform.name: platform for platform in _ALL}
