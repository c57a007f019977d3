from bench.bars import bars
from bench.contest import Contestant, Cost, Result, Score, rotated
from bench.tell import table

COST = Cost(cpu=1.5, memory=3 << 20, space=2 << 20, requests=17)


def score(name: str, *times: float, error: str = "") -> Score:
    return Score(name=name, cost=COST, times=[*times], error=error)


def result(name: str, *scores: Score) -> Result:
    return Result(name=name, title=name.upper(), load=1.25, scores=[*scores])


def test_a_bar_holds_against_the_best_of_its_rivals() -> None:
    scores = score("rget.sh", 9, 1, 2), score("aria2c -x4", 5), score("aria2c -x8", 2.5)
    assert "| BIG: rget.sh | aria2c -x8 | 0.8 | 0.80 | holds |" in bars([result("big", *scores)])


def test_a_bar_that_is_missed_says_by_how_much() -> None:
    scores = score("rget.sh", 3), score("wget", 1)
    assert "| 1.5 | 3.00 | missed by 100% |" in bars([result("small", *scores)])


def test_a_bar_between_two_cases_needs_both() -> None:
    plain, checked = (
        result("hidden", score("rget.sh", 2)),
        result("hidden-sha256", score("rget.sh", 2.2)),
    )
    assert "1.15 | 1.10 | holds" in bars([plain, checked])
    assert "1.15" not in bars([checked])


def test_the_bar_of_the_archive_is_the_slower_half() -> None:
    halves = score("tar xz of a file", 2), score("rget.sh to a file", 1)
    scores = score("rget.sh, into tar xz", 2.2), score("rget.sh -s, into tar xz", 9), *halves
    assert "tar xz of a file | 1.15 | 1.10 | holds" in bars([result("tar", *scores)])


def test_who_failed_is_no_rival_and_says_why() -> None:
    scores = score("rget.sh", 2), score("aria2c -x4", error="f\nended | badly")
    assert "BIG: rget.sh" not in bars([result("big", *scores)])
    assert "| aria2c -x4 | 0 | failed: f ended   badly |" in table(result("big", *scores))


def test_a_table_has_medians_spread_ratios_and_cost() -> None:
    text = table(result("big", score("rget.sh", 1, 2, 4), score("wget", 1)))
    assert "| rget.sh | 3 | 2.00 | 1.00 to 4.00 | 1.00 | 1.50 | 3.0 | 2 | 17 |" in text
    assert "| wget | 1 | 1.00 | 1.00 to 1.00 | 0.50 |" in text
    assert "Load average at its end: 1.2." in text


def test_each_round_begins_with_another_one() -> None:
    everyone = [Contestant(name=name, command="") for name in "abc"]
    assert ["".join(each.name for each in rotated(everyone, turn)) for turn in (0, 1, 3)] == [
        "abc", "bca", "abc",
    ]  # fmt: skip
