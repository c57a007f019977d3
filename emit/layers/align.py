"""Two lists set side by side, in their order. Pure."""

from collections.abc import Sequence


def align(fits: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) that have the most in common together, in order.

    `fits` has a row for each item of the one list and a column for each of the other: how much
    the two have in common; those of 0 never are a pair. Of equal sums it takes the newest.
    """
    rows, columns = len(fits), len(fits[0]) if fits else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows):
        for column in range(columns):
            both = best[row][column] + fits[row][column] if fits[row][column] else 0
            best[row + 1][column + 1] = max(both, best[row][column + 1], best[row + 1][column])
    pairs, row, column = [], rows, columns
    while row and column:
        fit = fits[row - 1][column - 1]
        if fit and best[row][column] == best[row - 1][column - 1] + fit:
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif best[row][column] == best[row][column - 1]:
            column -= 1
        else:
            row -= 1
    return pairs[::-1]
