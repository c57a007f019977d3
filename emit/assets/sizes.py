"""Numbers of bytes, as people read them."""


def readable(size: int) -> str:
    """Return a size as `512 B`, `2.2 MiB`: a power of 1024, one digit behind the point."""
    amount, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:  # noqa: PLR2004 - the step between units
            break
        amount, unit = amount / 1024, larger
    return f"{size} B" if unit == "B" else f"{amount:.1f} {unit}"
