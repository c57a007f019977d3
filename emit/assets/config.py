"""emit.toml -> assets, or one sentence that names the file, the line and the key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from emit.assets.platforms import ANY, PLATFORMS
from emit.assets.spec import (
    FOREIGN,
    KINDS,
    NAME,
    SERVERS,
    Asset,
    Source,
    format_of,
    is_project,
    is_url,
    platforms_of,
    unknown_placeholder,
)
from emit.errors import ConfigError, UsageError

_KEYS = (
    *KINDS,
    *("server", "version", "file", "install", "mode", "unpack", "into", "strip", "test", "secret"),
)
_TOP = ("asset", "files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole emit.toml: its assets by name, and the files that may hold managed blocks."""

    file: Path
    assets: Mapping[str, Asset]
    files: tuple[str, ...]

    def asset(self, name: str) -> Asset:
        """Return the asset of that name; raises UsageError with the nearest one."""
        if name in self.assets:
            return self.assets[name]
        near = get_close_matches(name, self.assets, n=1, cutoff=0.4)
        guess = f"did you mean {near[0]}?" if near else f"it has: {', '.join(self.assets) or '-'}"
        raise UsageError(f"{self.file} has no asset {name!r}; {guess}")


def read_config(file: Path) -> Config:
    """Read emit.toml; raises ConfigError."""
    try:
        text = file.read_bytes().decode()
    except FileNotFoundError:
        raise ConfigError(f"there is no {file}: `emit init` writes one") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: byte {error.start} is not UTF-8: save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error
    return parse_config(text, file)


def parse_config(text: str, file: Path) -> Config:
    """Return what the text of an emit.toml says; raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(file, text, error)) from error
    reader = _Reader(file, text)
    for key in data:
        if key not in _TOP:
            reader.fail((), key, f"there is no such key; did you mean [asset.{key}]?")
    tables = data.get("asset", {})
    if not isinstance(tables, dict):
        reader.fail((), "asset", "want tables: [asset.NAME]")
    return Config(
        file=file,
        assets={name: _asset(reader, name, table) for name, table in tables.items()},
        files=_files(reader, data),
    )


def line_of(text: str, path: tuple[str, ...], key: str = "") -> int:
    """Return the line, from 1, of the table PATH or of a KEY in it; 1 where it is not found.

    It reads lines, not TOML: the line of a table or key written in an unusual way is that of
    the nearest one around it.
    """
    header = _words(".".join(path))
    found, inside = 1, not path
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            words = _words(stripped.strip("[]").partition("]")[0])
            inside = words == header
            found = number if inside or words == [*header, key] else found
            if words == [*header, key]:
                return number
        elif inside and key and _words(re.split(r"=", stripped, maxsplit=1)[0])[:1] == [key]:
            return number
    return found


def _words(dotted: str) -> list[str]:
    """Split a TOML key at its dots."""
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^\s.\"']+", dotted)
    return [part.strip("\"'") for part in parts]


def _syntax(file: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Turn tomllib's `what (at line 3, column 5)` round."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
    message, line = (found[1], found[2]) if found else (str(error), None)
    where = line or text.count("\n") + (not text.endswith("\n"))
    return f"{file}:{where}: not TOML: {message[:1].lower()}{message[1:]}"


class _Reader:
    """The file and its text, for messages."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.text = text

    def place(self, path: tuple[str, ...], key: str = "") -> str:
        return f"{self.file}:{line_of(self.text, path, key)}: {'.'.join((*path, key)).strip('.')}"

    def fail(self, path: tuple[str, ...], key: str, message: str) -> NoReturn:
        raise ConfigError(f"{self.place(path, key)}: {message}")


@dataclass(frozen=True, slots=True)
class _Table:
    """One [asset.NAME] as it is read."""

    reader: _Reader
    path: tuple[str, ...]
    data: Mapping[str, Any]

    def fail(self, key: str, message: str) -> NoReturn:
        """Raise ConfigError; the name of a file that is only in the URL is told of that."""
        if key == "file" and key not in self.data and "url" in self.data:
            key = "url"
        self.reader.fail(self.path, key, message)

    def text(self, key: str) -> str:
        """Return a string of one printable line; empty where the key is missing."""
        value = self.data.get(key, "")
        if not isinstance(value, str):
            self.fail(key, f"want a string in quotes, got {value!r}")
        if not value.isprintable() or (key in self.data and not value.strip()):
            self.fail(key, f"want one line of text, got {value!r}")
        return value

    def folder_path(self, key: str) -> str:
        """Return an absolute path that stays where it says; empty where the key is missing."""
        value = self.text(key)
        if value and (not value.startswith("/") or {"..", "."} & {*value.split("/")}):
            self.fail(key, f"want an absolute path without . and .., got {value!r}")
        return re.sub("/+", "/", value).rstrip("/") or ("/" if value else "")


def _files(reader: _Reader, data: Mapping[str, Any]) -> tuple[str, ...]:
    files = data.get("files", [])
    if not isinstance(files, list) or not all(isinstance(file, str) and file for file in files):
        reader.fail((), "files", 'want a list of files or patterns: ["Dockerfile"]')
    return tuple(files)


def _asset(reader: _Reader, name: str, data: object) -> Asset:
    path = ("asset", name)
    if not isinstance(data, dict):
        reader.fail(path, "", f"want a table: [asset.{name}]")
    table = _Table(reader, path, data)
    if not NAME.fullmatch(name):
        table.fail("", "want a name of a-z, 0-9, _ . and -, beginning with a letter")
    for key in data:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(_KEYS)}"
            table.fail(key, f"there is no such key; {guess}")
    source = _source(table)
    asset = Asset(
        name=name,
        place=reader.place(path),
        source=source,
        version=_version(table, source),
        files=_patterns(table, source),
        install=table.folder_path("install"),
        into=table.folder_path("into"),
        mode=table.text("mode") or "0755",
        test=table.text("test"),
        secret=table.text("secret"),
    )
    return _unpacking(table, _checked(table, asset))


def _source(table: _Table) -> Source:
    given = [kind for kind in KINDS if kind in table.data]
    if len(given) != 1:
        also = f"; got {' and '.join(given)}" if given else ""
        table.fail("", f"want one of {', '.join(KINDS)}{also}")
    kind = given[0]
    where, server = table.text(kind), table.text("server").rstrip("/")
    if kind in SERVERS:
        if not is_project(where):
            table.fail(kind, f'want "owner/repo", got {where!r}')
        if server and not is_url(server + "/"):
            table.fail("server", f'want a URL such as "{SERVERS[kind]}", got {server!r}')
        return Source(kind=kind, where=where, server=server or SERVERS[kind])
    if server:
        table.fail("server", f"only {', '.join(SERVERS)} have one")
    if not is_url(where):
        table.fail(kind, f"want a URL with http:// or https://, got {where!r}")
    bad = unknown_placeholder(where, *(["file"] if kind == "url" else []))
    if bad:
        table.fail(kind, f"there is no placeholder {bad}")
    return Source(kind=kind, where=where)


def _version(table: _Table, source: Source) -> str:
    version = table.text("version")
    if not version and (source.kind in SERVERS or re.search(r"\{(version|tag)\}", source.where)):
        table.fail("", 'want a version, the release\'s tag: version = "v1.2.3"')
    if re.search(r"[\s{}]", version):
        table.fail("version", f"want a tag without blanks and braces, got {version!r}")
    if version == "latest":
        table.fail("version", "latest is no pin: `emit bump` writes the newest tag here")
    return version


def _patterns(table: _Table, source: Source) -> tuple[tuple[str, str], ...]:
    """Return the pattern of each platform, from a string or a table."""
    value = table.data.get("file")
    if value is None and source.kind == "url" and "{file}" not in source.where:
        value = source.where.partition("?")[0].rpartition("/")[2]
        platforms = platforms_of(source.where)
        return tuple((platform, value) for platform in platforms)
    if isinstance(value, str):
        value = dict.fromkeys(platforms_of(value + source.where), value)
    if not isinstance(value, dict) or not value:
        table.fail("file", 'want a name, or one a platform: { "linux/amd64" = "tool-amd64" }')
    for platform, pattern in value.items():
        if platform not in PLATFORMS and [*value] != [ANY]:
            near = get_close_matches(platform, PLATFORMS, n=1, cutoff=0.5)
            guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(PLATFORMS)}"
            table.fail("file", f"there is no platform {platform!r}; {guess}")
        _pattern(table, platform, pattern)
    return tuple(sorted(value.items()))


def _pattern(table: _Table, platform: str, pattern: object) -> None:
    if not isinstance(pattern, str) or not pattern.isprintable() or not pattern.strip("/ "):
        table.fail("file", f"want the name of a file for {platform}, got {pattern!r}")
    bad = unknown_placeholder(pattern)
    if bad:
        table.fail("file", f"there is no placeholder {bad}; {_PLACEHOLDERS}")


_PLACEHOLDERS = "there are {version} {tag} {name} {os} {arch} {machine}"


def _checked(table: _Table, asset: Asset) -> Asset:
    if bool(asset.install) == bool(asset.into):
        table.fail("", 'want install = "/path/of/the/file", or unpack = … and into = "/folder"')
    if not re.fullmatch(r"0?[0-7]{3}", asset.mode):
        table.fail("mode", f'want an octal mode in quotes, such as "0755"; got {asset.mode!r}')
    if asset.secret and not re.fullmatch(r"[A-Za-z_]\w*", asset.secret):
        table.fail("secret", "want the id of a BuildKit secret, such as github_token")
    if asset.secret and asset.source.kind not in SERVERS:
        table.fail("secret", f"only assets of {', '.join(SERVERS)} can be private")
    for platform, pattern in asset.files:
        if pattern.lower().endswith(FOREIGN) and "unpack" in table.data:
            table.fail("file", f"{pattern} for {platform}: {foreign(pattern)}")
    return asset


def foreign(file: str) -> str:
    """Return why FILE cannot be unpacked, and what to do."""
    end = file.rpartition(".")[2]
    return (
        f"nothing in a stock Alpine image unpacks .{end}: choose the project's .tar.gz, .tar.xz "
        "or .zip, or install it as it is (without unpack) and unpack it after `apk add`"
    )


def _unpacking(table: _Table, asset: Asset) -> Asset:
    """Take in `unpack` and `strip`, which only make sense for archives."""
    members, strip = _members(table, asset), table.data.get("strip", 0)
    if isinstance(strip, bool) or not isinstance(strip, int) or not 0 <= strip <= 9:  # noqa: PLR2004
        table.fail("strip", f"want how many leading folders to drop, 0 to 9; got {strip!r}")
    if asset.into and not members:
        table.fail("into", 'want unpack = "…" beside it: the members to unpack')
    if strip and not asset.into:
        table.fail("strip", 'it goes with into = "/folder"')
    return replace(asset, unpack=members, strip=strip)


def _members(table: _Table, asset: Asset) -> tuple[str, ...]:
    unpack = table.data.get("unpack", [])
    if isinstance(unpack, bool):
        unpack = ["*"] if unpack else []
    elif not unpack:
        _says_if_packed(table, asset)
    members = [unpack] if isinstance(unpack, str) else unpack
    if not isinstance(members, list) or not all(isinstance(each, str) for each in members):
        table.fail("unpack", 'want members: "bin/tool" or ["bin/*", "share/man"]')
    for _, pattern in asset.files:
        if members and not format_of(pattern) and not set(pattern) & set("*?["):
            table.fail("unpack", f"{pattern} is no archive that busybox knows: leave it away")
    for member in members:
        bad = unknown_placeholder(member)
        if bad or member.startswith("/") or ".." in member.split("/") or not member.isprintable():
            table.fail("unpack", f"{bad or member!r}: want paths inside the archive")
    return tuple(members)


def _says_if_packed(table: _Table, asset: Asset) -> None:
    """Refuse an archive that would be installed under a name of no archive."""
    for platform, pattern in asset.files:
        end = pattern.lower().rpartition(".")[2]
        if pattern.lower().endswith(FOREIGN) and not asset.install.endswith(f".{end}"):
            table.fail("file", f"{pattern} for {platform}: {foreign(pattern)}")
        if format_of(pattern) and format_of(pattern) != format_of(asset.install):
            table.fail(
                "file",
                f'{pattern} is packed: name the member, unpack = "dir/{asset.name}" '
                "(true: the only one), or say unpack = false",
            )
