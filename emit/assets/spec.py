"""An asset as its user asks for it: where it is, which file, where to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from emit.assets.platforms import ANY, PLATFORMS, USUAL
from emit.errors import UsageError

#: Where each forge lives unless told.
SERVERS = {
    "github": "https://github.com",
    "gitlab": "https://gitlab.com",
    "gitea": "https://gitea.com",
}

#: Every kind of source: a project on a forge, one URL, a page of links.
KINDS = (*SERVERS, "url", "index")

#: An asset's name: it is a stage's name too, and a function's in no script.
NAME = re.compile(r"[a-z][a-z0-9_.-]*")

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BY_MACHINE = re.compile(r"\{(os|arch|machine)\}")
_PROJECT = re.compile(r"[\w.-]+(/[\w.-]+)+")
_SPEC = re.compile(r"(?P<project>[\w.-]+/[\w.-]+)@(?P<version>[^\s:]+):(?P<pattern>\S+)")
_URL = re.compile(r"https?://[^/\s]+/\S*")

#: Compressed single files and archives, by the end of the name: what unpacks them.
FORMATS = {
    ".tar.gz": "tar",
    ".tgz": "tar",
    ".tar.xz": "tar",
    ".txz": "tar",
    ".tar.bz2": "tar",
    ".tbz2": "tar",
    ".tbz": "tar",
    ".tar": "tar",
    ".zip": "zip",
    ".gz": "gz",
    ".xz": "xz",
    ".bz2": "bz2",
}

#: Formats that nothing in a stock Alpine image unpacks.
FOREIGN = (".zst", ".tzst", ".7z", ".rar", ".lz4", ".br", ".tar.lz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an asset comes from: `where` is a project, or a URL with placeholders."""

    kind: str
    where: str
    server: str = ""

    def __str__(self) -> str:
        """Read as `github jqlang/jq`, with the server where it is not the usual one."""
        usual = self.server in {"", SERVERS.get(self.kind)}
        return f"{self.kind} {self.where}" + ("" if usual else f" on {self.server}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One entry of emit.toml, complete and valid.

    `files` has a pattern for each platform; `place` names the entry in messages. Exactly one
    of `install` (a file) and `into` (a folder) is set. `unpack` are patterns of members.
    """

    name: str
    place: str
    source: Source
    version: str
    files: tuple[tuple[str, str], ...]
    install: str = ""
    mode: str = "0755"
    unpack: tuple[str, ...] = ()
    into: str = ""
    strip: int = 0
    test: str = ""
    secret: str = ""

    def pattern(self, platform: str) -> str:
        """Return the pattern of the file's name for that platform, placeholders filled."""
        return fill(dict(self.files)[platform], self.values(platform))

    def values(self, platform: str) -> dict[str, str]:
        """Return what each placeholder stands for."""
        values = {"tag": self.version, "version": bare_version(self.version), "name": self.name}
        if platform != ANY:
            known = PLATFORMS[platform]
            values |= {"os": known.os, "arch": known.arch, "machine": known.machine}
        return values

    def request(self, platform: str) -> str:
        """Return in one line all that decides which bytes are meant; emit.lock keeps it."""
        members = f" unpack {' '.join(self.unpack)}" if self.unpack else ""
        return f"{self.source} @ {self.version} : {self.pattern(platform)}{members}"


def bare_version(tag: str) -> str:
    """Return a tag from its first digit on: `1.7.1` of `jq-1.7.1` and of `v1.7.1`."""
    found = re.search(r"\d.*", tag)
    return found[0] if found else tag


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Replace {placeholders}; one that has no value stays."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), pattern)


def unknown_placeholder(pattern: str, *known: str) -> str | None:
    """Return the first placeholder that means nothing, with its braces."""
    names = {"tag", "version", "name", "os", "arch", "machine", *known}
    found = (match for match in _PLACEHOLDER.finditer(pattern) if match[1] not in names)
    return next((match[0] for match in found), None)


def platforms_of(pattern: str) -> tuple[str, ...]:
    """Return the platforms that one pattern stands for: any, unless it names the machine."""
    return USUAL if _BY_MACHINE.search(pattern) else (ANY,)


def format_of(file: str) -> str:
    """Return what unpacks FILE: tar, zip, gz, xz or bz2; an empty string for any other name."""
    lower = file.lower()
    return next((tool for end, tool in FORMATS.items() if lower.endswith(end)), "")


def is_project(text: str) -> bool:
    """Tell `owner/repo`, or a longer path as GitLab has them."""
    return _PROJECT.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Tell an http or https URL that a server can be asked for."""
    return _URL.fullmatch(text) is not None and text.isprintable()


def parse_spec(spec: str, server: str = SERVERS["github"]) -> Asset:
    """Return the asset that `owner/repo@tag:pattern` or a plain URL names.

    Its name is the repository's, or the file's up to the first sign that no name has.
    Raises UsageError.
    """
    found = _SPEC.fullmatch(spec)
    if found is None and not is_url(spec):
        raise UsageError(
            f"{spec!r} is no SPEC: write an asset of emit.toml, owner/repo@tag:pattern, or a URL"
        )
    if found is None:
        file = urlsplit(spec).path.rpartition("/")[2]
        if not file:
            raise UsageError(f"{spec} names no file: end it in one")
        pattern, source, version = file, Source(kind="url", where=spec), ""
        name = _name(file)
    else:
        pattern, version = found["pattern"], found["version"]
        source = Source(kind="github", where=found["project"], server=server)
        name = _name(found["project"].partition("/")[2])
    bad = unknown_placeholder(pattern)
    if bad:
        raise UsageError(f"{spec}: there is no placeholder {bad}; see 'emit init --help'")
    files = tuple((platform, pattern) for platform in platforms_of(pattern))
    return Asset(name=name, place=spec, source=source, version=version, files=files)


def _name(text: str) -> str:
    found = re.search(r"[a-z][a-z0-9_-]*?(?=[-_.]v?\d|[^a-z0-9_-]|$)", text.lower())
    return found[0].rstrip("_-") if found else "asset"


def parse_project(text: str, server: str | None) -> Source:
    """Return the project that `owner/repo`, `gitlab:PATH` or `gitea:PATH` names.

    Raises UsageError.
    """
    kind, colon, where = text.rpartition(":")
    kind = kind if colon else "github"
    if kind not in SERVERS or not is_project(where):
        raise UsageError(f"{text!r} is no project: write owner/repo, gitlab:PATH or gitea:PATH")
    if server is not None and not is_url(server + "/"):
        raise UsageError(f"--server wants a URL such as {SERVERS[kind]}, got {server!r}")
    return Source(kind=kind, where=where, server=(server or SERVERS[kind]).rstrip("/"))
