"""What the server's files hold: noise, always the same."""

import functools
import io
import random

_UNIT = 1 << 20  # bytes


@functools.lru_cache(maxsize=32)
def body(size: int, seed: str = "") -> bytes:
    """Return the `size` bytes of the file named by `seed`: noise, always the same."""
    return random.Random(f"{seed}/{size}").randbytes(size)  # noqa: S311 - not a secret


def big_piece(start: int, end: int) -> bytes:
    """Return the bytes from `start` to `end` of the file that no memory holds.

    Each MiB of it is the same noise, behind its own number.
    """
    out = io.BytesIO()
    while start < end:
        number, offset = divmod(start, _UNIT)
        unit = number.to_bytes(8, "big") + body(_UNIT - 8)
        out.write(unit[offset : offset + end - start])
        start = min(end, (number + 1) * _UNIT)
    return out.getvalue()
