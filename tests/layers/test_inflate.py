import bz2
import gzip
import lzma
import os

import pytest

from emit.errors import InputError
from emit.layers.chunks import CHUNK
from emit.layers.inflate import inflate, peek
from tests.layers.images import PACKED

DATA = os.urandom(300_000) + bytes(3 << 20) + b"end"
SKIPPABLE = (0x184D2A50).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"abcd"


def unpack(data: bytes, size: int = 65536) -> tuple[str, bytes]:
    packing, chunks = inflate(iter([data[at : at + size] for at in range(0, len(data), size)]))
    pieces = list(chunks)
    assert all(0 < len(piece) <= CHUNK for piece in pieces)
    return packing, b"".join(pieces)


@pytest.mark.parametrize("size", [1, 700, 65536])
@pytest.mark.parametrize("packing", PACKED)
def test_each_packing_is_told_and_unpacked(packing: str, size: int) -> None:
    data = DATA if size > 1 else b"few bytes" * 40
    assert unpack(PACKED[packing](data), size) == (packing, data)


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 5000])
def test_members_that_follow_each_other_are_one_stream(packing: str, size: int) -> None:
    """As eStargz and pigz write them: one a file."""
    parts = [b"a" * 1000, b"", b"b" * 2000]
    data = b"".join(map(PACKED[packing], parts))
    assert unpack(data, size) == (packing, b"".join(parts))
    assert unpack(data + bytes(9000), size) == (packing, b"".join(parts)), "zeros are padding"


@pytest.mark.parametrize("place", ["before", "between", "behind"])
def test_frames_that_zstd_chunked_adds_are_passed_over(place: str) -> None:
    one, two = PACKED["zstd"](b"one"), PACKED["zstd"](b"two")
    data = {
        "before": SKIPPABLE + one + two,
        "between": one + SKIPPABLE + two,
        "behind": one + two + SKIPPABLE,
    }[place]
    assert unpack(data) == ("zstd", b"onetwo")


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
@pytest.mark.parametrize("left", [1, 8, 150_000])
def test_what_was_cut_short_is_an_error(packing: str, left: int) -> None:
    with pytest.raises(InputError, match=f"its {packing} data is damaged or cut short"):
        unpack(PACKED[packing](DATA)[:-left])


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_damage_is_an_error(packing: str) -> None:
    data = PACKED[packing](b"text that packs well, " * 9000)
    middle = len(data) // 2
    with pytest.raises(InputError, match=f"its {packing} data is damaged"):
        unpack(data[:middle] + bytes(40) + data[middle + 40 :])


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_junk_behind_the_end_is_an_error(packing: str) -> None:
    with pytest.raises(InputError, match="damaged"):
        unpack(PACKED[packing](b"one") + b"junk that is no member at all")


@pytest.mark.parametrize(("pack", "name"), [(bz2.compress, "bzip2"), (lzma.compress, "xz")])
def test_another_packing_is_named(pack: type, name: str) -> None:
    with pytest.raises(InputError, match=f"it is packed with {name}"):
        inflate(iter([pack(b"x")]))


def test_a_bomb_comes_in_bounded_pieces() -> None:
    """A thousandfold: the pieces' size is asserted in unpack."""
    assert len(unpack(gzip.compress(bytes(64 << 20)), 1 << 20)[1]) == 64 << 20


def test_peek_takes_nothing_away() -> None:
    head, chunks = peek(iter([b"ab", b"cd", b"ef"]), 3)
    assert (head, b"".join(chunks)) == (b"abc", b"abcdef")
    head, chunks = peek(iter([b"ab"]), 3)
    assert (head, b"".join(chunks)) == (b"ab", b"ab")
