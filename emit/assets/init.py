"""A first emit.toml: from an asset's project, by the names of its files."""

import re
from collections.abc import Iterable

from emit.assets.forge import Found, Release
from emit.assets.spec import FOREIGN, Source, bare_version, format_of
from emit.errors import ForgeError, UsageError

#: What projects call a platform in the names of their files; whole words of it.
_WORDS = {
    "linux/amd64": ("amd64", "x86_64", "x64", "x86-64", "64bit", "linux64"),
    "linux/arm64": ("arm64", "aarch64", "armv8"),
}
_OTHERS = re.compile(r"(?i)darwin|macos|osx|apple|windows|win(32|64)|msvc|freebsd|\.exe$|android")
_ASIDE = re.compile(r"(?i)\.(sha\d+(sum)?s?|md5|asc|sig|sigstore|pem|sbom|json|txt|deb|rpm|apk)$")

_HEAD = "# What is pinned, and where it goes: `emit lock` writes the digests to emit.lock.\n"
EXAMPLE = (
    _HEAD
    + """
[asset.jq]
# renovate: datasource=github-releases depName=jqlang/jq
version = "jq-1.7.1"
github  = "jqlang/jq"
file    = { "linux/amd64" = "jq-linux-amd64", "linux/arm64" = "jq-linux-arm64" }
install = "/usr/local/bin/jq"
test    = "jq --version"

# More of what there is:
#
#   gitlab = "group/project"      or gitea = "owner/repo", server = "https://codeberg.org"
#   url    = "https://example.com/{version}/{file}"
#   index  = "https://example.com/dist/v{version}/"     a page of links
#   file   = "tool_{version}_{os}_{arch}.tar.gz"        also {tag}, {machine}, * and ?
#   unpack = "bin/*"              and into = "/usr/local"; strip = 1 drops a leading folder
#   unpack = "tool-{version}/tool"                      and install: one file of an archive
#   mode   = "0755"               of the file that is installed
#   secret = "github_token"       the id of a BuildKit secret, where the asset is private
"""
)


def first_config(found: Iterable[tuple[Source, Release]]) -> str:
    """Return an emit.toml for these releases; raises ForgeError where no file of one fits.

    Raises UsageError where two projects have one name.
    """
    tables: dict[str, str] = {}
    for source, release in found:
        name = _name(source)
        if name in tables:
            raise UsageError(f"two projects are called {name}: begin with one, add the other")
        tables[name] = _table(name, source, release)
    return "\n".join([_HEAD, *tables.values()])


def _name(source: Source) -> str:
    name = re.sub(r"[^a-z0-9_.-]", "-", source.where.rpartition("/")[2].lower()).lstrip(
        "-._0123456789"
    )
    return name or "asset"


def _table(name: str, source: Source, release: Release) -> str:
    files = {platform: _best(release.files, platform) for platform in _WORDS}
    found = {platform: file for platform, file in files.items() if file}
    if not found:
        names = ", ".join(file.name for file in release.files) or "none"
        raise ForgeError(f"{source} @ {release.tag}: no file is for Linux by its name: {names}")
    return _text(name, source, release.tag, found)


def _text(name: str, source: Source, tag: str, files: dict[str, str]) -> str:
    pattern = ", ".join(
        f'"{platform}" = "{_abstract(file, tag)}"' for platform, file in files.items()
    )
    datasource = {"gitlab": "gitlab-releases", "gitea": "gitea-releases"}.get(
        source.kind, "github-releases"
    )
    lines = [
        f"[asset.{name}]" if "." not in name else f'[asset."{name}"]',
        f"# renovate: datasource={datasource} depName={source.where}",
        f'version = "{tag}"',
        f'{source.kind:7} = "{source.where}"',
        *([f'server  = "{source.server}"'] if "on " in str(source) else []),
        f"file    = {{ {pattern} }}",
        *([f'unpack  = "{_member(files, name)}"'] if any(map(format_of, files.values())) else []),
        f'install = "/usr/local/bin/{name}"',
        f'test    = "{name} --version"',
    ]
    return "\n".join(lines) + "\n"


def _member(files: dict[str, str], name: str) -> str:
    """Guess where a program is in its archive; `emit lock` says what there is if it is not."""
    single = all(format_of(file) not in {"tar", "zip"} for file in files.values())
    return "*" if single else name


def _abstract(file: str, tag: str) -> str:
    """Put the version's placeholder where the version stands, so that a bump needs no more."""
    version = bare_version(tag)
    return (
        file.replace(tag, "{tag}").replace(version, "{version}") if version[:1].isdigit() else file
    )


def _best(files: Iterable[Found], platform: str) -> str:
    """Return the name that fits best: Linux said, musl before others, what busybox unpacks."""
    names = [file.name for file in files if _fits(file.name, platform)]
    return min(names, key=_rank, default="")


def _fits(name: str, platform: str) -> bool:
    if _OTHERS.search(name) or _ASIDE.search(name) or name.lower().endswith(FOREIGN):
        return False
    words = "|".join(re.escape(word) for word in _WORDS[platform])
    return (
        re.search(rf"(?i)(?<![a-z0-9])({words})(?![a-z0-9])", name.replace("_x86", "-x86"))
        is not None
    )


def _rank(name: str) -> tuple[bool, bool, bool, int, str]:
    lower = name.lower()
    return "linux" not in lower, "musl" not in lower, "gnu" in lower, len(name), name
