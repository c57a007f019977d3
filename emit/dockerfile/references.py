"""What one instruction takes files from: COPY --from=... and RUN --mount=from=..."""

import csv

from emit.dockerfile.lexer import Lexer, LexError
from emit.dockerfile.model import Instruction


def copy_source(item: Instruction, escape: str) -> str | None:
    """Return the value of COPY's --from, None where there is none.

    Raises ValueError for one that would have to be expanded, which BuildKit does not.
    """
    source = item.flag("from") if item.keyword == "COPY" else None
    if not source:
        return None
    try:
        plain = Lexer(escape=escape).expand(source, {}).result == source
    except LexError:
        plain = False
    if not plain:
        raise ValueError(
            f"--from={source}: variables are not expanded here; "
            "name a stage and use the variable in its FROM"
        )
    return source


def mount_sources(item: Instruction) -> list[str]:
    """Return the `from` of each of RUN's mounts, empty where it has none; raises ValueError."""
    mounts = item.flag_values("mount") if item.keyword == "RUN" else []
    return [mount_fields(mount).get("from", "") for mount in mounts]


def mount_fields(mount: str) -> dict[str, str]:
    """Return the fields of a mount by their lower-cased names; raises ValueError."""
    try:
        rows = list(csv.reader([mount], strict=True))
    except csv.Error as error:
        raise ValueError(f"--mount={mount}: {error}; check its quotes") from error
    fields = {}
    for field in rows[0] if rows else []:
        key, _, value = field.partition("=")
        fields[key.lower()] = value
    if "$" in fields.get("from", "")[:-1]:
        raise ValueError(
            f"--mount={mount}: variables are not expanded in from; "
            "name a stage and use the variable in its FROM"
        )
    return fields
