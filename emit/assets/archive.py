"""An archive, looked into once, when it is locked: the digest then pins what was seen."""

import posixpath
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from emit.errors import ArchiveError

_GLOB = "*?[]\\"  # tar and unzip would read them as patterns
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entry: its name as it stands in the archive, and where it points if it is a link."""

    name: str
    kind: str  # file, folder, symlink, hardlink or other
    link: str = ""

    @property
    def path(self) -> str:
        """The name as one would write it: without ./ before and / behind."""
        return posixpath.normpath(self.name) if self.name.strip("/") else self.name


def read_members(archive: Path, how: str) -> tuple[Member, ...]:
    """Return all entries of a tar (of any compression) or zip; raises ArchiveError."""
    try:
        return tuple(_zip(archive) if how == "zip" else _tar(archive))
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise ArchiveError(f"it is no readable {how} archive: {error}") from error


def _tar(archive: Path) -> Iterator[Member]:
    with tarfile.open(archive) as opened:
        for info in opened:
            kinds = (
                ("file", info.isreg()),
                ("folder", info.isdir()),
                ("symlink", info.issym()),
                ("hardlink", info.islnk()),
            )
            kind = next((kind for kind, found in kinds if found), "other")
            yield Member(name=info.name, kind=kind, link=info.linkname)


def _zip(archive: Path) -> Iterator[Member]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            if stat.S_ISLNK(info.external_attr >> 16):
                link = opened.read(info).decode(errors="replace")
                yield Member(name=info.filename, kind="symlink", link=link)
            else:
                yield Member(name=info.filename, kind="folder" if info.is_dir() else "file")


def one_member(members: Sequence[Member], patterns: Sequence[str]) -> str:
    """Return the name of the one file that the patterns mean; raises ArchiveError.

    A pattern without a slash may also mean a file in some folder.
    """
    files = [member for member in members if member.kind == "file"]
    chosen = [each for each in files if patterns == ["*"] or _matches(each.path, patterns)]
    if not chosen:
        chosen = [each for each in files if fnmatchcase(each.path.rpartition("/")[2], patterns[0])]
    if len(chosen) != 1:
        what = ", ".join(patterns)
        names = _names(chosen or files)
        said = f"{len(chosen)} files match" if chosen else "no file matches"
        raise ArchiveError(f"{said} unpack {what}; {'they are' if chosen else 'it has'} {names}")
    return _plain(chosen[0].name)


def many_members(
    members: Sequence[Member], patterns: Sequence[str], strip: int, how: str
) -> tuple[str, ...]:
    """Return what to name to tar or unzip; nothing at all for the whole archive.

    A folder stands for all that is in it. Raises ArchiveError where a pattern finds nothing,
    and for each entry chosen that would land outside of the folder it is unpacked in.
    """
    paths = {path for member in members for path in (member.path, *_above(member.path))}
    for pattern in patterns:
        if pattern != "*" and not any(_matches(path, [pattern]) for path in paths):
            raise ArchiveError(f"nothing matches unpack {pattern}; it has {_names(members)}")
    tops = {path for path in paths if _matches(path, patterns)}
    tops = {path for path in tops if not any(above in tops for above in _above(path))}
    whole = "*" in patterns
    chosen = [each for each in members if whole or {each.path, *_above(each.path)} & tops]
    _stay_inside(chosen, strip)
    if whole:
        return ()
    return tuple(sorted({*_named(chosen, tops, how)}))


def _named(chosen: Iterable[Member], tops: set[str], how: str) -> Iterator[str]:
    """Yield the names; a folder that has no entry of its own, tar has to be told in full."""
    own = {member.path for member in chosen if member.kind == "folder"}
    for member in chosen:
        for top in {member.path, *_above(member.path)} & tops:
            dot = "./" if member.name.startswith("./") else ""
            folder = member.kind == "folder" or top != member.path
            if folder and how == "zip":
                yield _plain(f"{dot}{top}") + "/*"
            elif not folder or top in own:
                yield _plain(f"{dot}{top}")
            else:
                yield _plain(member.name)


def _plain(name: str) -> str:
    if set(_GLOB) & set(name) or not name.isprintable() or name.startswith("-"):
        raise ArchiveError(f"{name!r}: tar and unzip cannot be told such a name")
    return name


def _matches(path: str, patterns: Iterable[str]) -> bool:
    """Compare part by part: a * does not reach over a slash."""
    parts = path.split("/")
    for pattern in patterns:
        wanted = posixpath.normpath(pattern).split("/")
        if len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted)):
            return True
    return False


def _above(path: str) -> list[str]:
    """Return the folders that a path is in."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _stay_inside(chosen: Sequence[Member], strip: int) -> None:
    links = {member.path for member in chosen if member.kind == "symlink"}
    for member in chosen:
        path = "/".join(member.path.split("/")[strip:])
        if member.kind == "other":
            raise ArchiveError(f"{member.name} is a device or a pipe")
        if _outside(member.name) or links & {*_above(member.path)}:
            raise ArchiveError(f"{member.name} would land outside of the folder it is unpacked in")
        target = posixpath.join(posixpath.dirname(path), member.link)
        if member.kind == "hardlink":
            target = "/".join(member.link.split("/")[strip:])
        if member.kind.endswith("link") and _outside(member.link, target):
            raise ArchiveError(f"{member.name} links to {member.link}, outside of the folder")


def _outside(name: str, path: str = "") -> bool:
    """Tell an absolute name, and a path (the name itself unless told) that climbs out."""
    if not path:
        return name.startswith("/") or ".." in name.split("/")
    return name.startswith("/") or posixpath.normpath(path).split("/")[0] == ".."


def _names(members: Sequence[Member]) -> str:
    names = [member.path for member in members if member.kind != "folder"]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (", ".join(names[:_SHOWN]) or "nothing") + more
