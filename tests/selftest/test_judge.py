from dataclasses import replace

import pytest

from emit.selftest.case import Case, Signal
from emit.selftest.judge import Grade, Seen, judge

CASE = Case(name="c", guarantee=2, server="s", paths=("/file/9",), size=1_000_000)
GOOD = Seen(status=0, seconds=1, requests=4, sent=1_000_000, exists=True)
GAVE_UP = Seen(status=4, seconds=1, requests=4, sent=0, said="x: no\n")


def test_the_file_is_what_is_wanted() -> None:
    verdict = judge(CASE, GOOD)
    assert (verdict.grade, verdict.happened) == (Grade.OK, "the file")


@pytest.mark.parametrize(
    ("seen", "happened"),
    [
        (replace(GOOD, wrong="from byte 5 on"), "wrong bytes, status 0: from byte 5 on"),
        (replace(GOOD, exists=False), "status 0 and no file"),
        (replace(GOOD, left=("out/x",)), "the file; left: out/x"),
        (replace(GOOD, left=("a", "b", "c", "d")), "the file; left: a, b, c, …"),
        (replace(GOOD, processes=("sleep 9 ",)), "the file; still running: sleep 9"),
        (replace(GOOD, leaks=("localhost:9",)), "the file; the header of -H went to localhost:9"),
        (replace(GOOD, tells=True), "the file; what it says has the secret of -H in it"),
        (replace(GAVE_UP, hung="still running after 9 s"), "still running after 9 s"),
    ],
)
def test_harm_is_bad(seen: Seen, happened: str) -> None:
    verdict = judge(CASE, seen)
    assert (verdict.grade, verdict.happened) == (Grade.BAD, happened)


@pytest.mark.parametrize(
    ("limits", "seen", "told"),
    [
        ({}, replace(GOOD, sent=3_000_000), "its bytes were sent 3.0 times"),
        ({}, GAVE_UP, "gives up: x: no"),
        ({}, replace(GAVE_UP, said=""), "gives up: ; says nothing"),
        ({"once": "/r"}, replace(GOOD, asked=3), "asked the redirect 3 times"),
        ({"at_once": 2}, replace(GOOD, at_once=1), "over one connection"),
        ({"pause": 3}, replace(GOOD, pause=1), "asked again after 1.0 s already"),
        ({"options": ("-x",)}, GOOD, "is not executable"),
        ({"options": ("-q",)}, replace(GOOD, said="hello\n"), "says: hello"),
        ({"most_seconds": 5}, replace(GOOD, seconds=9), "took 9 s"),
        ({"most_disk": 1.5}, replace(GOOD, disk=2 << 20), "needed 2 MiB of disk for 1"),
    ],
)
def test_less_than_could_be_is_weak(limits: dict[str, object], seen: Seen, told: str) -> None:
    verdict = judge(replace(CASE, **limits), seen)  # type: ignore[arg-type]
    assert verdict.grade is Grade.WEAK
    assert verdict.happened.endswith(told)


def test_nothing_is_right_where_an_error_is_wanted() -> None:
    case = replace(CASE, right=())
    assert judge(case, GAVE_UP).grade is Grade.OK
    verdict = judge(case, GOOD)
    assert verdict.grade is Grade.BAD
    assert verdict.happened == "wrong bytes, status 0: nothing can be right"


def test_an_error_leaves_alone_what_stood_there() -> None:
    case = replace(CASE, may_fail=True)
    assert judge(case, GAVE_UP).grade is Grade.OK
    verdict = judge(case, replace(GAVE_UP, kept=False))
    assert (verdict.grade, verdict.happened) == (
        Grade.BAD,
        "exit 4; what stood there before is gone",
    )


def test_a_wrong_digest_is_to_be_named() -> None:
    case = replace(CASE, right=(), digest="other")
    assert judge(case, GAVE_UP).grade is Grade.WEAK
    assert judge(case, replace(GAVE_UP, said=f"got {'0' * 64}")).grade is Grade.OK


@pytest.mark.parametrize(
    ("status", "signalled", "grade"),
    [
        (143, True, Grade.OK),
        (-15, True, Grade.OK),
        (1, True, Grade.WEAK),
        (8, False, Grade.WEAK),
        (0, True, Grade.BAD),
    ],
)
def test_a_signal_is_told_by_the_status(status: int, grade: Grade, *, signalled: bool) -> None:
    case = replace(CASE, right=(), signal=Signal(name="TERM", status=143))
    seen = replace(GAVE_UP, status=status, signalled=signalled, exists=status == 0)
    assert judge(case, seen).grade is grade


def test_a_reader_that_went_away_is_no_error() -> None:
    case = replace(CASE, out="-", reader="head -c 0")
    assert judge(case, replace(GAVE_UP, status=141, said="")).grade is Grade.OK
    assert judge(case, replace(GAVE_UP, status=141)).grade is Grade.WEAK


def test_an_empty_file_is_an_empty_stream() -> None:
    case = replace(CASE, size=0, out="-")
    assert judge(case, replace(GOOD, exists=False, sent=0)).grade is Grade.OK
