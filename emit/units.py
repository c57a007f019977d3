"""Sizes as people write and read them: decimal as Docker prints them, binary where asked."""

import re

from emit.errors import UsageError

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE | re.ASCII)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%", re.ASCII)


def shown(count: float) -> str:
    """Return bytes in three digits: `999 B`, `1.23 MB`, `45.6 GB`."""
    value, unit = abs(float(count)), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - rounds to 1000
        value /= 1000
        unit += 1
    digits = 0 if unit == 0 or value >= 99.95 else 1 if value >= 9.995 else 2  # noqa: PLR2004
    return f"{'-' if count < 0 else ''}{value:.{digits}f} {_UNITS[unit]}"


def size(text: str) -> int:
    """Read `10MB` (decimal), `10MiB` (binary), `512k` or plain bytes; raises UsageError."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no size: write 500k, 10MB, 1.5GiB or plain bytes")
    base = 1024 if found[3] else 1000
    return int(float(found[1]) * base ** (" kmgt".index(found[2].lower() or " ")))


def percent(text: str) -> float | None:
    """Read `5%` as 5.0; None where it is no percentage."""
    found = _PERCENT.fullmatch(text.strip())
    return float(found[1]) if found else None
