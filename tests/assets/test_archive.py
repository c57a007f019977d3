import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from emit.assets.archive import Member, many_members, one_member, read_members
from emit.errors import ArchiveError


def files(*names: str) -> list[Member]:
    return [
        Member(name=name, kind="folder" if name.endswith("/") else "file", link="")
        for name in names
    ]


TREE = files("t-1/", "t-1/bin/", "t-1/bin/a", "t-1/bin/b", "t-1/share/man/a.1", "./x")


@pytest.mark.parametrize(
    ("patterns", "name"),
    [
        (["t-1/bin/a"], "t-1/bin/a"),
        (["t-*/bin/b"], "t-1/bin/b"),
        (["a"], "t-1/bin/a"),
        (["x"], "./x"),
    ],
)
def test_one_file_is_found(patterns: list[str], name: str) -> None:
    assert one_member(TREE, patterns) == name


def test_the_only_file_needs_no_name() -> None:
    assert one_member(files("t/", "t/a"), ["*"]) == "t/a"


@pytest.mark.parametrize(
    ("patterns", "says"),
    [(["t-1/bin/*"], "2 files match unpack t-1/bin/*; they are t-1/bin/a, t-1/bin/b"),
     (["c"], "no file matches unpack c; it has t-1/bin/a"), (["*"], "4 files match")],
)  # fmt: skip
def test_none_or_many_are_named(patterns: list[str], says: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        one_member(TREE, patterns)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("patterns", "how", "names"),
    [
        (["t-1/bin/*"], "tar", ("t-1/bin/a", "t-1/bin/b")),
        (["t-1/bin"], "tar", ("t-1/bin",)),
        (["t-1/bin"], "zip", ("t-1/bin/*",)),
        (["t-1/bin", "t-1/bin/a"], "tar", ("t-1/bin",)),
        (["*"], "tar", ()),
        (["t-1/share/man/*.1", "x"], "tar", ("./x", "t-1/share/man/a.1")),
    ],
)
def test_members_are_named_once(patterns: list[str], how: str, names: tuple[str, ...]) -> None:
    assert many_members(TREE, patterns, 0, how) == names


def test_a_pattern_that_finds_nothing_is_an_error() -> None:
    with pytest.raises(ArchiveError, match="nothing matches unpack lib/"):
        many_members(TREE, ["t-1/bin", "lib/*"], 0, "tar")


@pytest.mark.parametrize(
    "member",
    [
        Member(name="/etc/passwd", kind="file"),
        Member(name="../x", kind="file"),
        Member(name="a/../../x", kind="file"),
        Member(name="bin/l", kind="symlink", link="/etc"),
        Member(name="bin/l", kind="symlink", link="../../etc"),
        Member(name="h", kind="hardlink", link="/etc/passwd"),
        Member(name="h", kind="hardlink", link="../etc/passwd"),
        Member(name="dev", kind="other"),
    ],
    ids=str,
)
def test_what_would_land_outside_is_refused(member: Member) -> None:
    with pytest.raises(ArchiveError):
        many_members([*files("a"), member], ["*"], 0, "tar")


def test_a_link_that_stays_inside_may_leave_its_own_folder() -> None:
    npm = Member(name="n/bin/npm", kind="symlink", link="../lib/npm.js")
    assert many_members([npm, *files("n/lib/npm.js")], ["n"], 0, "tar") == (
        *("n/bin/npm", "n/lib/npm.js"),
    )


def test_stripping_a_folder_brings_a_link_nearer_to_the_edge() -> None:
    link = Member(name="t/bin/l", kind="symlink", link="../../x")
    assert many_members([link], ["*"], 0, "tar") == ()
    with pytest.raises(ArchiveError, match="outside of the folder"):
        many_members([link], ["*"], 1, "tar")


def test_nothing_is_unpacked_through_a_link() -> None:
    link = Member(name="l", kind="symlink", link="bin")
    with pytest.raises(ArchiveError, match="l/x would land outside"):
        many_members([link, *files("l/x")], ["*"], 0, "tar")


def test_a_hostile_member_that_is_not_chosen_does_no_harm() -> None:
    bad = Member(name="../x", kind="file")
    assert many_members([bad, *files("a")], ["a"], 0, "tar") == ("a",)


@pytest.mark.parametrize("name", ["a*", "a[1]", "-a", "a\n"])
def test_a_name_that_tar_would_take_for_something_else_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="cannot be told such a name"):
        many_members(
            files(name, "b"), ["a?", "a???", "-?"][:1] if name == "a*" else ["*a*"], 0, "tar"
        )


def test_real_archives_are_read(tmp_path: Path) -> None:
    for mode in ("w", "w:gz", "w:xz", "w:bz2"):
        with tarfile.open(tmp_path / "a", mode) as tar:
            info = tarfile.TarInfo("bin/a")
            tar.addfile(info, io.BytesIO())
            info.type, info.name, info.linkname = tarfile.SYMTYPE, "l", "bin/a"
            tar.addfile(info)
        assert [member.kind for member in read_members(tmp_path / "a", "tar")] == [
            "file",
            "symlink",
        ]
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("bin/", "")
        archive.writestr("bin/a", "x")
        link = zipfile.ZipInfo("l")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "bin/a")
    assert [(member.kind, member.link) for member in read_members(tmp_path / "z", "zip")] == [
        *(("folder", ""), ("file", ""), ("symlink", "bin/a"))
    ]


@pytest.mark.parametrize("how", ["tar", "zip"])
def test_what_is_no_archive_says_so(tmp_path: Path, how: str) -> None:
    (tmp_path / "a").write_bytes(b"<html>not found</html>")
    with pytest.raises(ArchiveError, match=f"no readable {how} archive"):
        read_members(tmp_path / "a", how)
