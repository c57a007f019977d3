"""Changes in place: parts of logical lines are replaced where they stand in the file."""

from collections.abc import Iterator

from emit.dockerfile.model import Dockerfile, Instruction

Span = tuple[int, int, int]  # line, first column, column behind the last


def spans(item: Instruction, start: int, end: int) -> Iterator[Span]:
    """Yield where the offsets `start` to `end` of a logical line stand, line by line."""
    ends = [*(piece.offset for piece in item.pieces[1:]), len(item.logical)]
    for piece, stop in zip(item.pieces, ends, strict=True):
        first, last = max(start, piece.offset), min(end, stop)
        if first < last:
            shift = piece.column - piece.offset
            yield piece.line, first + shift, last + shift


class Edits:
    """Replacements in the lines of a Dockerfile, which itself stays as it is."""

    def __init__(self, dockerfile: Dockerfile) -> None:
        """Begin without any."""
        self._lines = dockerfile.lines
        self._edits: list[tuple[Span, str]] = []

    def replace(self, item: Instruction, start: int, end: int, text: str) -> None:
        """Put a text in the place of the offsets `start` to `end` of a logical line."""
        for span in spans(item, start, end):
            self._edits.append((span, text))
            text = ""

    def lines(self) -> list[str]:
        """Return all lines, with what was replaced."""
        lines = list(self._lines)
        for (line, start, end), text in sorted(self._edits, reverse=True):
            old = lines[line - 1]
            lines[line - 1] = old[:start] + text + old[end:]
        return lines
