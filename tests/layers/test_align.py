import pytest

from emit.layers.align import align


@pytest.mark.parametrize(
    ("fits", "pairs"),
    [
        ([], []),
        ([[], []], []),
        ([[0, 0], [0, 0]], []),
        ([[1, 0], [0, 1]], [(0, 0), (1, 1)]),
        ([[0, 1], [1, 0]], [(1, 0)]),
        ([[1, 1], [1, 1], [1, 1]], [(1, 0), (2, 1)]),
        ([[0.5, 4], [0.5, 0.5]], [(0, 1)]),
        ([[0.6, 1], [0, 0.6]], [(0, 0), (1, 1)]),
    ],
)
def test_the_pairs_have_the_most_in_common_and_keep_their_order(
    fits: list[list[float]], pairs: list[tuple[int, int]]
) -> None:
    assert align(fits) == pairs
