"""What the functions of rget.sh make of what they are given."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.lib.shells import SHELLS, call

if TYPE_CHECKING:
    from pathlib import Path

SHA256, SHA512 = hashlib.sha256(b"x").hexdigest(), hashlib.sha512(b"x").hexdigest()
MIB = 1 << 20


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    """Each shell of this machine."""
    return str(request.param)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("1", 1),
        ("100000", 100_000),
        ("512K", 512 << 10),
        ("8M", 8 * MIB),
        ("1G", 1 << 30),
        ("0", 0),
        ("", None),
        ("K", None),
        ("08", None),
        ("-1", None),
        ("1k", None),
        ("1.5M", None),
        ("1KK", None),
        ("2G", None),
        ("99999999999", None),
        ("9999999999G", None),
        ("1;id", None),
        ("$(id)", None),
    ],
)
def test_number(shell: str, tmp_path: Path, given: str, made: int | None) -> None:
    script = f"option=b value='{given}'; number 0 1073741824; echo \"$n\""
    said = f"{made}" if made is not None else f"rget.sh: -b {given}: not 0 to 1073741824"
    status = 0 if made is not None else 2
    assert call(shell, tmp_path, "core/say core/die core/number", script) == (status, f"{said}\n")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (SHA256, f"{SHA256} sha256"),
        (SHA256.upper(), f"{SHA256} sha256"),
        (f"sha256:{SHA256}", f"{SHA256} sha256"),
        (f"sha512:{SHA512}", f"{SHA512} sha512"),
        (SHA512, f"{SHA512} sha512"),
        ("", None),
        (SHA256[:-1], None),
        (f"{SHA256[:-1]}g", None),
        (f"sha512:{SHA256}", None),
        (f"sha256:{SHA512}", None),
        (f"md5:{SHA256[:32]}", None),
        (f"sha256:sha256:{SHA256}", None),
        ("0" * 56, None),
    ],
)
def test_expect(shell: str, tmp_path: Path, given: str, made: str | None) -> None:
    script = f"value='{given}'; expect; echo \"$digest $tool\""
    done = (0, f"{made}\n") if made else (2, "rget.sh: -s: no digest\n")
    assert call(shell, tmp_path, "core/say core/die digest/expect", script) == done


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("http://h/a b  c", "http://h/a%20b%20%20c"),
        ("https://h", "https://h"),
        ("http://h/f#part", "http://h/f"),
        ('http://h/"&;$(id)`id`*', 'http://h/"&;$(id)`id`*'),
        ("http://", None),
        ("http:///f", None),
        ("ftp://h/f", None),
        ("h/f", None),
        ("", None),
        ("-x", None),
        ("http://-l/f", None),
    ],
)
def test_address(shell: str, tmp_path: Path, given: str, made: str | None) -> None:
    script = f"value='{given}'; address; printf '%s\\n' \"$url\""
    done = (0, f"{made}\n") if made else (2, f"rget.sh: -u {given}: not http(s)://\n")
    assert call(shell, tmp_path, "core/say core/die core/address", script) == done


@pytest.mark.parametrize("byte", ["\n", "\t", "\r", "\x01", "\x7f"])
def test_a_control_character_is_in_no_address_and_no_header(
    shell: str, tmp_path: Path, byte: str
) -> None:
    script = f"value='http://h/{byte}f'; address"
    done = call(shell, tmp_path, "core/say core/die core/address", script)
    assert done == (2, "rget.sh: -u: bad byte\n")
    script = f"headers='' value='A: {byte}b'; header"
    done = call(shell, tmp_path, "core/say core/die headers/header", script)
    assert done == (2, "rget.sh: -H: not Name: value\n")


@pytest.mark.parametrize(
    ("given", "right"),
    [("A: b", True), ("X-Y:", True), ("a", False), (": b", False), ("", False), ("1: b", False)],
)
def test_header(shell: str, tmp_path: Path, given: str, right: bool) -> None:  # noqa: FBT001
    script = f"headers=-, value='{given}'; header; echo \"$headers\""
    done = (0, f"-,\n{given}\n") if right else (2, "rget.sh: -H: not Name: value\n")
    assert call(shell, tmp_path, "core/say core/die headers/header", script) == done


@pytest.mark.parametrize(
    ("at", "to", "trust", "then"),
    [
        ("http://h/a/b?c", "/f", "", (0, "http://h/f")),
        ("https://h:1/a", "/f", "", (0, "https://h:1/f")),
        ("http://h?x", "/f", "", (0, "http://h/f")),
        ("http://h/a", "https://i/f", "", (0, "https://i/f")),
        ("https://h/a", "http://i/f", "1", (0, "http://i/f")),
        ("https://h/a", "http://i/f", "", (5, "https://h/a -> http://i/f: see -k")),
        ("http://h/a", "ftp://i/f", "", (8, "http://h/a -> ftp://i/f")),
        ("http://h/a", "f", "", (8, "http://h/a -> f")),
        ("http://h/a", "http://-l/f", "", (8, "http://h/a -> http://-l/f")),
    ],
)
def test_locate(
    shell: str, tmp_path: Path, at: str, to: str, trust: str, then: tuple[int, str]
) -> None:
    status, said = then
    script = f"target='{at}' text='{to}' trust={trust}; locate; echo \"$target\""
    done = (status, f"{'rget.sh: ' if status else ''}{said}\n")
    assert call(shell, tmp_path, "core/say core/die core/locate", script) == done


@pytest.mark.parametrize(
    ("total", "process", "block", "plan"),
    [
        (1, 4, 0, "1 1 2097152"),
        (2 * MIB, 4, 0, "2097152 1 2097152"),
        (2 * MIB + 1, 4, 0, "2097153 2 2097152"),
        (64 * MIB, 4, 0, "67108864 8 8388608"),
        (64 * MIB, 1, 0, "67108864 2 33554432"),
        (10, 4, 3, "10 4 3"),
    ],
)
def test_layout(
    shell: str, tmp_path: Path, total: int, process: int, block: int, plan: str
) -> None:
    script = (
        f"total={total} process={process} block={block} sink='' cut=2 out=f\n"
        f"FIRST={2 * MIB} MOST={64 * MIB}; exec 8>&1; layout"
    )
    assert call(shell, tmp_path, "core/say core/die core/layout", script) == (0, f"plan {plan}\n")


def test_a_stream_has_smaller_blocks(shell: str, tmp_path: Path) -> None:
    script = (
        f"total={64 * MIB} process=4 block=0 sink=- cut=4 out=f FIRST={2 * MIB} MOST={64 * MIB}\n"
        "exec 8>&1; layout"
    )
    done = call(shell, tmp_path, "core/say core/die core/layout", script)
    assert done == (0, "plan 67108864 16 4194304\n")


def test_layout_beyond_4_gib(shell: str, tmp_path: Path) -> None:
    """In the 32 bits of mksh, `accept` has refused it before."""
    script = (
        f"total={6 << 30} process=4 cut=2 block=0 sink=- out=f FIRST={2 * MIB} MOST={64 * MIB}\n"
        '[ "$((total))" = "$total" ] || total=$((1 << 30)); exec 8>&1; layout'
    )
    plans = ["plan 6442450944 96 67108864\n", "plan 1073741824 16 67108864\n"]
    done = call(shell, tmp_path, "core/say core/die core/layout", script)
    assert done == (0, plans[shell == "mksh"])


def test_what_cannot_fit_is_refused_and_a_stream_is_not(shell: str, tmp_path: Path) -> None:
    little = "stat() { echo 4096; }; FIRST=1 MOST=2; exec 8>&1"
    huge = f"{little}; total={1 << 30} process=4 cut=2 block=0 out=f"
    status, said = call(
        shell, tmp_path, "core/say core/die core/layout", f"{huge}; sink=''; layout"
    )
    assert (status, said.startswith("rget.sh: f: ")) == (3, True)
    assert said.endswith(" KiB free\n")
    assert call(shell, tmp_path, "core/say core/die core/layout", f"{huge}; sink=-; layout")[0] == 0


def test_take_gives_each_block_to_one(shell: str, tmp_path: Path) -> None:
    script = 'exec 2>/dev/null; blocks=4 n=-1; while take; do echo "$n"; done; echo end'
    (tmp_path / "1").touch()
    assert call(shell, tmp_path, "core/take", script) == (0, "0\n2\n3\nend\n")


def test_pass_leaves_the_seed_out_and_keeps_every_byte(shell: str, tmp_path: Path) -> None:
    (tmp_path / "got0").write_bytes(b"\n\\a  b\n\x00c")
    for full, right in (("", "\\a  b\n\x00c"), ("1", "\n\\a  b\n\x00c")):
        assert call(shell, tmp_path, "core/pass", f"n=0 full={full}; pass") == (0, right)


def test_pass_goes_beyond_what_is_in_its_place(shell: str, tmp_path: Path) -> None:
    script = "exec 5>file; : >got1; n=1 full='' size=5; pass >&5; echo x >&5"
    assert call(shell, tmp_path, "direct/pass", f"exec 2>/dev/null; {script}") == (0, "")
    assert (tmp_path / "file").read_bytes() == b"\0" * 5 + b"x\n"


PLACED = "exec 2>/dev/null; able=1 n=2 from=7 total=99 part=2.part why='' place=1"


def test_a_block_comes_to_its_place(shell: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"-" * 12)
    script = f"{PLACED} status=206; seed; printf ab >&6; came; printf c >&6; came"
    files = "core/size direct/seed direct/came"
    assert call(shell, tmp_path, files, script) == (0, "3\n4\n")
    assert (tmp_path / "file").read_bytes() == b"-" * 7 + b"abc--"
    assert (tmp_path / "2.part").read_bytes() == b""


@pytest.mark.parametrize(
    ("status", "why", "placed"),
    [("206", "truncated", True), ("", "refused", False), ("501", "501", False),
     ("401", "who", False), ("206", "overlong", False)],
)  # fmt: skip
def test_what_nc_cannot_bring_is_asked_of_wget(
    shell: str, tmp_path: Path, status: str, why: str, *, placed: bool
) -> None:
    script = f"{PLACED} status='{status}' why={why}; seed; echo \"$place\"; came"
    files = "core/size direct/seed direct/came"
    assert call(shell, tmp_path, files, script) == (0, "2\n1\n" if placed else "\n1\n")
    assert (tmp_path / "2.part").read_bytes() == (b"" if placed else b"\n")


def test_a_block_that_cannot_be_placed_ends_its_worker(shell: str, tmp_path: Path) -> None:
    """Else it would be written over another one."""
    script = f"{PLACED} status=206; dd() {{ false; }}; seed || echo on; echo on"
    assert call(shell, tmp_path, "direct/seed", script) == (1, "")


def test_home_goes_round_the_mirrors(shell: str, tmp_path: Path) -> None:
    script = "mirrors='a b c '; for i in 1 2 3 4; do home; echo \"$origin $url\"; done"
    done = call(shell, tmp_path, "mirrors/home", script)
    assert done == (0, "a a\nb b\nc c\na a\n")


def test_refuse_gives_up_when_no_source_is_left(shell: str, tmp_path: Path) -> None:
    script = 'refused=0 sources=2; refuse 8 first; echo "$why"; refuse 6 second; echo no'
    done = call(shell, tmp_path, "core/say core/die core/refuse", script)
    assert done == (6, "first\nrget.sh: second\n")


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        ("404", 8, "http://h/f: gone"),
        ("401", 6, "http://h/f: gone"),
        ("407", 6, "http://h/f: gone"),
        ("310", 8, "http://h/f: gone"),
        ("503", 8, "http://h/f: gone, for 0 s"),
        ("429", 8, "http://h/f: gone, for 0 s"),
        ("", 4, "http://h/f: gone, for 0 s"),
    ],
)
def test_again_tells_what_is_final_from_what_may_pass(
    shell: str, tmp_path: Path, status: str, code: int, said: str
) -> None:
    script = (
        f"status={status} total=0 full='' url=http://h/f origin=http://h/f why=gone code=4\n"
        "refused=0 sources=1 deadline='' limit=0 after='' pause=1 hops=0 tmp=.A; again"
    )
    files = "core/say core/die core/refuse core/home all/again"
    assert call(shell, tmp_path, files, script) == (code, f"rget.sh: {said}\n")


def test_an_expired_address_is_asked_for_at_its_origin(shell: str, tmp_path: Path) -> None:
    script = (
        "status=403 total=9 full='' url=http://cdn/f origin=http://h/f why=gone code=4 child=''\n"
        "refused=0 sources=1 deadline='' limit=9 after=0 pause=1 hops=0 tmp=.A\n"
        'again; echo "$url $pause"'
    )
    files = "core/say core/die core/refuse core/home all/again"
    assert call(shell, tmp_path, files, script) == (0, "http://h/f 2\n")


@pytest.mark.parametrize(
    ("hops", "done"), [(0, (0, "http://i/f 1\n")), (10, (8, "rget.sh: http://h/f: gone\n"))]
)
def test_a_redirect_is_followed_ten_times(
    shell: str, tmp_path: Path, hops: int, done: tuple[int, str]
) -> None:
    script = (
        f"status=0 total=0 full='' url=http://c/f target=http://i/f origin=http://h/f hops={hops}\n"
        'refused=0 sources=1 why=gone; again; echo "$url $hops"'
    )
    files = "core/say core/die core/refuse core/home all/again"
    assert call(shell, tmp_path, files, script) == done
