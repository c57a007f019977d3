"""Lines of sh -> one RUN instruction, laid out as docker-library does."""

import re
from collections.abc import Iterator, Sequence

# Nothing is to stand between these ends of a line and the next.
_OPEN = re.compile(r"(\b(in|do|then|else)|\{|;;|&&?|\|\|?|='|\t'.*'\)|\t\*\)|^\s*[0-9a-f]{64})$")


def run_instruction(body: str, flags: Sequence[str] = ()) -> str:
    """Return `RUN` with FLAGS and the commands of BODY, one a line, each line continued.

    BODY is sh whose lines end where a command ends, begins a list or a block, or hold one
    digest of a quoted list; comments stand in lines of their own, and come out at column 0.
    """
    return "\n".join(_lines(body.rstrip("\n").split("\n"), flags)) + "\n"


def _lines(lines: Sequence[str], flags: Sequence[str]) -> Iterator[str]:
    head = ["RUN", *flags]
    if flags:
        yield " ".join([*head, "\\"])
    for number, line in enumerate(lines):
        if line.strip().startswith("#"):
            yield line.strip()
            continue
        first = not number and not flags
        indented = f"RUN {line}" if first else f"\t{line}"
        yield (indented if number == len(lines) - 1 else indented + _end(line)).rstrip(" ")


def _end(line: str) -> str:
    """Return what continues a line: `; ` where a command ends."""
    if not line.strip():
        return "\\"
    return " \\" if _OPEN.search(line) else "; \\"
