"""What the server's files hold: noise, always the same."""

import functools
import random


@functools.lru_cache(maxsize=32)
def body(size: int, seed: str = "") -> bytes:
    """Return the `size` bytes of the file named by `seed`: noise, always the same."""
    return random.Random(f"{seed}/{size}").randbytes(size)  # noqa: S311 - not a secret
