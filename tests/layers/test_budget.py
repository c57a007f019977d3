import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from emit.errors import InputError, UsageError
from emit.layers.budget import Limits, Verdict, baseline, judge
from emit.layers.report import Totals

TOTALS = Totals(
    layers=2, files=3, stored=1000, visible=900, wasted=100, duplicate=0, pulled=400, efficiency=90
)  # fmt: skip
BEFORE = Totals(
    layers=2, files=3, stored=800, visible=800, wasted=0, duplicate=0, pulled=None, efficiency=100
)  # fmt: skip
BROKEN = {"max_size": "500", "max_wasted": "5%", "max_growth": "1%"}
PATHS = ["app/.git/config", "etc/key.pem", "etc/sub/b.pem", "root/.npmrc", "x/app/y"]


def judged(limits: Mapping[str, Any], before: Totals | None = BEFORE) -> list[Verdict]:
    return list(judge(Limits(**limits), TOTALS, [400, 600], PATHS, before))


@pytest.mark.parametrize(
    ("limit", "kept", "broken"),
    [
        ("max_size", "1k", "999"),
        ("max_pull", "400B", "399"),
        ("max_layer", "600", "599"),
        ("max_wasted", "100", "99"),
        ("max_wasted", "10%", "9.9%"),
        ("min_efficiency", "90%", "90.1%"),
        ("min_efficiency", "90", "91"),
        ("min_efficiency", "0.9", "0.91"),
        ("max_growth", "25%", "24.9%"),
        ("max_growth", "200", "199"),
    ],
)
def test_a_limit_is_kept_to_the_last_byte_and_broken_by_the_next(
    limit: str, kept: str, broken: str
) -> None:
    assert [one.ok for one in judged({limit: kept})] == [True]
    (one,) = judged({limit: broken})
    assert not one.ok
    assert str(one).startswith(one.name)


def test_a_broken_limit_says_what_it_is_and_what_was_allowed() -> None:
    assert [str(one) for one in judged(BROKEN)] == [
        "--max-size 500 B: 1.00 kB",
        "--max-wasted 5%: 10.0 %",
        "--max-growth 1 %: 25.0 % (800 B to 1.00 kB)",
    ]


def test_without_limits_there_is_no_verdict() -> None:
    assert judged({}) == []


@pytest.mark.parametrize(
    ("glob", "hits"),
    [
        (".git", "/app/.git/config"),
        ("*.pem", "/etc/key.pem, /etc/sub/b.pem"),
        ("/etc/*.pem", "/etc/key.pem, /etc/sub/b.pem"),
        ("/app", "/app/.git/config"),
        ("/app/", "/app/.git/config"),
        ("/root/.npmrc", "/root/.npmrc"),
        ("npmrc", ""),
        ("/etc/key", ""),
        ("[", ""),
    ],
)
def test_a_forbidden_path_is_found_in_any_layer(glob: str, hits: str) -> None:
    (one,) = judged({"forbid": (glob,)})
    assert (one.ok, one.actual) == (not hits, hits or "no such path")


def test_many_forbidden_paths_are_counted() -> None:
    (one,) = judged({"forbid": ("*",)})
    assert one.actual == "/app/.git/config, /etc/key.pem, /etc/sub/b.pem and 2 more"


@pytest.mark.parametrize(
    ("limits", "part"),
    [
        ({"max_size": "big"}, "'big' is no size"),
        ({"max_size": "5%"}, "'5%' is no size"),
        ({"min_efficiency": "high"}, "'high' is no share"),
        ({"min_efficiency": "101"}, "'101' is no share"),
        ({"max_growth": "5%"}, "--max-growth needs what to grow from"),
    ],
)
def test_a_limit_that_cannot_be_read_is_a_usage_error(limits: dict[str, str], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        judged(limits, None)


def test_plain_layers_have_no_size_to_pull() -> None:
    with pytest.raises(UsageError, match="nobody can tell"):
        judge(Limits(max_pull="1"), BEFORE, [], [], None)


def test_a_baseline_is_what_json_wrote(tmp_path: Path) -> None:
    place = tmp_path / "old.json"
    document = {"schema": 1, "totals": asdict(TOTALS)}
    place.write_text(json.dumps(document))
    assert baseline(str(place)) == TOTALS
    place.write_text(json.dumps({"schema": 1, "after": document}))
    assert baseline(str(place)) == TOTALS


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "is no report of schema 1: write it by emit layers --json"),
        ("\0\xff", "is no report of schema 1"),
        ("[]", "is no report of schema 1"),
        ('{"schema": 2}', "is no report of schema 1"),
        ('{"schema": 1}', "has no totals"),
        ('{"schema": 1, "totals": {"a": 1}}', "has no totals"),
        ('{"schema": 1, "totals": 7}', "has no totals"),
        (json.dumps({"schema": 1, "totals": asdict(TOTALS) | {"stored": "7"}}), "has no number"),
        ('{"schema": 1, "after": 7}', "has no totals"),
    ],
)
def test_another_file_is_no_baseline(text: str, part: str, tmp_path: Path) -> None:
    place = tmp_path / "old.json"
    place.write_text(text)
    with pytest.raises(InputError, match=part):
        baseline(str(place))


def test_a_missing_baseline_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*nope.json: No such file"):
        baseline(str(tmp_path / "nope.json"))
