import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emit.errors import InputError
from emit.layers.chunks import FileStream, Stream
from emit.layers.tar import BLOCK, Member, Meta, is_header, members
from tests.layers.images import FORMATS, F, file, folder, link, symlink, tarball


def chunked(data: bytes, size: int = 700) -> Stream:
    return Stream(iter([data[at : at + size] for at in range(0, len(data), size)]))


def read(stream: Stream) -> list[tuple[Member, bytes]]:
    return [(member, b"".join(data)) for member, data in members(stream)]


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
PATHS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(
    files=st.lists(st.tuples(PATHS, st.binary(max_size=2000)), max_size=6),
    form=st.sampled_from(["gnu", "pax"]),
    size=st.integers(1, 3000),
)
def test_it_reads_what_tarfile_reads(
    files: list[tuple[list[str], bytes]], form: str, size: int
) -> None:
    data = tarball([file("/".join(path), content) for path, content in files], form)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        expected = [
            (info.name, tar.extractfile(info).read())  # type: ignore[union-attr]
            for info in tar
        ]
    found = [(member.path, content) for member, content in read(chunked(data, size))]
    assert found == expected


@pytest.mark.parametrize("form", FORMATS)
def test_every_type_mode_owner_and_target(form: str) -> None:
    long = "d/" * 60 + "name"
    made = [
        folder("etc/", 0o1755),
        F(path="etc/a", data=b"abc", mode=0o4755, uid=1000, gid=65534),
        link("etc/b", "etc/a"),
        symlink("c", "etc/a"),
        F(path="dev/null", type=tarfile.CHRTYPE),
        F(path="dev/sda", type=tarfile.BLKTYPE),
        F(path="pipe", type=tarfile.FIFOTYPE),
        file(long, b"x" * BLOCK),
    ]
    found = [member for member, _ in read(chunked(tarball(made, form)))]
    assert [member.type for member in found] == [
        "dir", "file", "link", "symlink", "char", "block", "fifo", "file",
    ]  # fmt: skip
    assert found[0].meta.mode == 0o1755
    assert found[1] == Member("etc/a", "file", 3, Meta(0o4755, 1000, 65534), "", 3)
    assert (found[2].target, found[3].target, found[7].path) == ("etc/a", "etc/a", long)


@pytest.mark.parametrize("form", ["gnu", "pax"])
def test_names_and_owners_beyond_the_header(form: str) -> None:
    made = F(path="ü" * 200, target="t" * 300, type=tarfile.SYMTYPE, uid=3_000_000_000)
    ((member, _),) = read(chunked(tarball([made], form)))
    assert (member.path, member.target, member.meta.uid) == ("ü" * 200, "t" * 300, 3_000_000_000)


@pytest.mark.parametrize("form", ["gnu", "pax"])
def test_a_size_beyond_8_gib_is_read_from_its_header(form: str) -> None:
    info = tarfile.TarInfo("big")
    info.size = 9 << 30
    head = info.tobuf(FORMATS[form])
    member, _ = next(iter(members(chunked(head))))
    assert member.size == 9 << 30


def test_names_that_are_no_utf_8_survive() -> None:
    ((member, _),) = read(chunked(tarball([file("a\udcff")], "gnu")))
    assert member.path == "a\udcff"


@pytest.mark.parametrize("version", ["--old", "0.0", "0.1", "1.0"])
def test_sparse_files_of_gnu_tar_have_their_real_size(version: str, tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as holes:
        for step in range(30):
            holes.seek(step << 16)
            holes.write(b"x" * 5000)
        holes.truncate(3 << 20)
    (tmp_path / "next").write_bytes(b"y")
    form = ["--format=gnu"] if version == "--old" else [f"--sparse-version={version}"]
    form += [] if version == "--old" else ["--format=posix"]
    command = ["tar", "-C", str(tmp_path), "-cS", *form, "holes", "next"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    found = [(member.path, member.size) for member, _ in members(chunked(data))]
    assert found == [("holes", 3 << 20), ("next", 1)]


@pytest.mark.parametrize("cut", [100, BLOCK + 100, 2 * BLOCK + 700, 4 * BLOCK + 10])
def test_a_truncated_archive_says_where(cut: int) -> None:
    data = tarball([file("a", 1000), file("b", 1000)], "ustar")[:cut]
    with pytest.raises(InputError, match=f"it ends at byte {cut}, inside"):
        read(chunked(data))


def test_damage_is_told_by_its_place() -> None:
    data = bytearray(tarball([file("a", 10), file("b", 10)], "ustar"))
    data[2 * BLOCK + 3] ^= 1
    with pytest.raises(InputError, match="no tar header at byte 1024"):
        read(chunked(bytes(data)))


def header(kind: bytes, size: int, data: bytes = b"") -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % BLOCK)


@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K"])
def test_a_header_of_gigabytes_is_refused_before_it_is_read(kind: bytes) -> None:
    with pytest.raises(InputError, match=f"is {5 << 30} bytes long"):
        read(chunked(header(kind, 5 << 30)))


@pytest.mark.parametrize(
    ("records", "part"),
    [
        (b"9999 path=a\n", "a wrong length"),
        (b"path=a\n", "a wrong length"),
        (b"0 path=a\n", "a wrong length"),
        (b"12 size=abc\n", "'abc' where a number must be"),
        (b"11 size=-1\n", "the size of 'x' is none that a file can have"),
        (b"26 GNU.sparse.realsize=-5\n", "the size of 'x' is none that a file can have"),
        (b"40 GNU.sparse.size=99999999999999999999\n", "the size of 'x' is none that a"),
    ],
)
def test_a_damaged_pax_header_is_refused(records: bytes, part: str) -> None:
    data = header(b"x", len(records), records) + header(b"0", 0)
    with pytest.raises(InputError, match=part):
        read(chunked(data))


def test_a_negative_size_is_refused() -> None:
    block = bytearray(header(b"0", 0))
    block[124:136] = b"\xff" * 12
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    with pytest.raises(InputError, match="the size of 'x' is none that a file"):
        read(chunked(bytes(block)))


def test_attributes_of_a_pax_header_are_passed_over() -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers = {"SCHILY.xattr.security.capability": "\x01\n\x02", "mtime": "1.5"}
    ((member, _),) = read(chunked(info.tobuf(tarfile.PAX_FORMAT) + bytes(2 * BLOCK)))
    assert member.path == "a"


def test_a_seekable_file_is_not_read_but_for_its_headers() -> None:
    data = tarball([file("a", 1 << 20), file("b", 3)])

    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1) -> bytes:
            got = super().read(size)
            self.count += len(got)
            return got

    source = Counting(data)
    assert [member.path for member, _ in members(FileStream(source, len(data)))] == ["a", "b"]
    assert source.count < 1 << 18
    with pytest.raises(InputError, match="inside 'a'"):
        list(members(FileStream(io.BytesIO(data[:9000]), 9000)))


def test_an_archive_is_told_by_its_first_block() -> None:
    assert is_header(tarball([file("a")])[:BLOCK])
    assert is_header(bytes(BLOCK)), "an empty layer is zeros"
    assert not is_header(b"{" * BLOCK)
    assert not is_header(bytes(BLOCK - 1))
