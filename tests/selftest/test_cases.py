from collections import Counter

import pytest

from emit.errors import UsageError
from emit.selftest.behaviour.registry import ROUTES
from emit.selftest.case import REFUSED
from emit.selftest.cases import CASES, FIRST, choose


def test_each_name_is_one_case() -> None:
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []


def test_each_path_is_one_that_the_server_knows() -> None:
    known = {pattern.split("/")[1] for pattern, _ in ROUTES} | {REFUSED}
    asked = {path.removeprefix("/").split("/")[0] for case in CASES for path in case.paths}
    assert asked - known == set()


def test_each_guarantee_that_a_server_can_try_is_tried() -> None:
    assert {case.guarantee for case in CASES} >= {1, 2, 3, 4, 5, 8, 9, 12}


def test_cases_are_chosen_by_name_and_pattern() -> None:
    assert choose(("file",), big=False) == (FIRST,)
    assert {case.name[:7] for case in choose(("mirror-*",), big=False)} == {"mirror-"}
    with pytest.raises(UsageError, match="no case is called nonsense: --list"):
        choose(("file", "nonsense"), big=False)


def test_the_big_ones_come_when_asked_for() -> None:
    assert not [case for case in choose((), big=False) if case.big]
    assert [case for case in choose((), big=True) if case.big]
    assert choose(("beyond-2-gib",), big=False)
