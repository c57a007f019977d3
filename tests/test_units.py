import pytest

from emit.errors import UsageError
from emit.units import percent, shown, size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (9994, "9.99 kB"), (9996, "10.0 kB"),
        (99_960, "100 kB"), (999_400, "999 kB"), (999_600, "1.00 MB"), (45_600_000_000, "45.6 GB"),
        (-2_500_000, "-2.50 MB"), (10**19, "10000 PB"),
    ],
)  # fmt: skip
def test_sizes_are_shown_in_three_digits(count: int, text: str) -> None:
    assert shown(count) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0), ("512", 512), ("500k", 500_000), ("10MB", 10_000_000), ("10 mb", 10_000_000),
        ("10MiB", 10 << 20), ("1.5G", 1_500_000_000), ("1.5GiB", 3 << 29), ("2T", 2 * 10**12),
    ],
)  # fmt: skip
def test_sizes_are_read(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "MB", "10 XB", "-1", "1,5MB", "10MB!", "5%"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no size: write 500k, 10MB, 1\.5GiB"):
        size(text)


def test_percentages_are_read() -> None:
    assert (percent("5%"), percent("2.5 %"), percent("5"), percent("x%")) == (5.0, 2.5, None, None)
