import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emit import __version__
from emit.errors import UsageError
from emit.rget import CORE, DIRECT, FEATURES, LEAN, ORDER, WAITING, plan_rget
from tests.variants import ROOT

ALL = ("digest", "headers", "mirrors", "portable", "progress", "stream")
LIBRARY = ROOT / "shell_templates" / "lib" / "rget"

some_features = st.sets(st.sampled_from(ALL))


@pytest.mark.parametrize(
    ("lean", "with_", "without", "features"),
    [
        (False, (), (), ALL),
        (True, (), (), ("digest",)),
        (True, ("stream", "mirrors"), (), ("digest", "mirrors", "stream")),
        (True, ("digest",), (), ("digest",)),
        (True, (), ("digest",), ()),
        (True, (), ("stream",), ("digest",)),
        (False, ("digest",), (), ALL),
        (False, (), ("digest", "portable"), ("headers", "mirrors", "progress", "stream")),
        (False, (), ALL, ()),
    ],
)
def test_features_are_the_base_plus_with_minus_without(
    *, lean: bool, with_: tuple[str, ...], without: tuple[str, ...], features: tuple[str, ...]
) -> None:
    assert plan_rget(lean=lean, with_=with_, without=without).features == features


@pytest.mark.parametrize(
    ("with_", "options"),
    [
        ((), ":u:o:P:b:t:T:xqvVhks:"),
        (("headers",), ":u:o:P:b:t:T:xqvVhks:H:"),
        (("stream",), ":u:o:P:b:t:T:xqvVhks:"),
    ],
)
def test_features_bring_their_options(with_: tuple[str, ...], options: str) -> None:
    assert plan_rget(lean=True, with_=with_).options == options


def test_the_plan_names_the_version() -> None:
    plan = plan_rget(lean=True)
    assert plan.version == __version__
    assert plan.title == f"emit rget {__version__}: digest"
    assert plan_rget().title == f"emit rget {__version__}: all"
    assert plan_rget(without=ALL).title == f"emit rget {__version__}: core"


def test_the_template_may_ask_for_each_feature() -> None:
    values = plan_rget(lean=True).values()
    assert {name: values[name] for name in ALL} == dict.fromkeys(ALL, False) | {"digest": True}


def test_an_unknown_feature_names_the_nearest_and_all() -> None:
    with pytest.raises(UsageError) as caught:
        plan_rget(with_=("progres",))
    assert str(caught.value) == (
        "no feature 'progres': did you mean progress? there are " + ", ".join(ALL)
    )


def test_an_unknown_feature_far_from_any_names_all() -> None:
    with pytest.raises(UsageError, match=r"no feature 'xyz': there are digest, "):
        plan_rget(without=("xyz",))


def test_a_feature_both_ways_is_a_contradiction() -> None:
    with pytest.raises(UsageError, match="--with stream and --without stream contradict"):
        plan_rget(with_=("mirrors", "stream"), without=("stream",))


@given(with_=some_features, without=some_features, lean=st.booleans())
def test_order_of_options_does_not_matter(
    *, with_: set[str], without: set[str], lean: bool
) -> None:
    without -= with_
    forth = plan_rget(lean=lean, with_=sorted(with_), without=sorted(without))
    back = plan_rget(lean=lean, with_=sorted(with_)[::-1], without=sorted(without)[::-1])
    assert forth == back


@given(chosen=some_features)
def test_each_function_comes_once_and_from_a_chosen_folder(chosen: set[str]) -> None:
    paths = plan_rget(without={*ALL} - chosen).functions
    names = [path.rsplit("/", 1)[1] for path in paths]
    assert len(names) == len(set(names))
    assert {path.split("/")[1] for path in paths} <= {"core", "direct", "waiting", *chosen}
    assert {f"{name}.sh" for name in CORE} <= set(names)


def test_features_are_sorted_and_the_lean_ones_exist() -> None:
    assert tuple(FEATURES) == ALL
    assert set(LEAN) <= set(ALL)


def test_the_order_holds_each_function_once_and_no_other() -> None:
    every = {*CORE, *DIRECT, *WAITING, *chain.from_iterable(FEATURES.values())}
    assert sorted(ORDER) == sorted(every)


def test_at_most_one_feature_brings_a_function() -> None:
    """Two replacers of one core function would need a rule for which of them wins."""
    count = Counter(chain.from_iterable(FEATURES.values()))
    assert [name for name, times in count.items() if times > 1] == []


@pytest.mark.parametrize("owner", ["core", "direct", *ALL])
def test_the_table_is_what_stands_in_the_folder(owner: str) -> None:
    names = {"core": CORE, "direct": DIRECT, **FEATURES}[owner]
    assert sorted(names) == sorted(file.stem for file in (LIBRARY / owner).glob("*"))


@pytest.mark.parametrize("file", sorted(LIBRARY.rglob("*.sh")), ids=lambda file: file.stem)
def test_a_library_file_is_one_function_of_its_name(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    code = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert re.match(rf"{file.stem}\(\) [({{]", code[0]), "it begins with the function"
    assert re.match(r"[})]$|.*; \}", code[-1]), "it ends with the function"
    assert all(line.startswith("\t") for line in code[1:-1]), "nothing stands beside it"
    assert len(code) <= 30, "a function has at most 30 lines"
