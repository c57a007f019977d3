"""What the commands say: the product to stdout or FILE, talk to stderr."""

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from emit.errors import OutputError, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress, ProgressColumn

_CURE = "let its reader read to the end, or give -o FILE"


def write(file: str, text: str) -> None:
    """Write a script to FILE, or to stdout when that is `-`; raises OutputError."""
    if file == "-":
        show(text)
        return
    from pathlib import Path

    from emit.output import write_script

    write_script(Path(file), text)


def write_text(file: str, text: str) -> None:
    """Write a Dockerfile to FILE, which keeps its mode, or to stdout; raises OutputError."""
    if file == "-":
        show(text.encode("utf-8", "surrogateescape"))
        return
    from pathlib import Path

    from emit.output import write_plain

    write_plain(Path(file), text)


def as_json(plan: object) -> str:
    """Return a dataclass or a dict as JSON with sorted keys, ending in a newline."""
    import json
    from dataclasses import asdict, is_dataclass

    data = asdict(plan) if is_dataclass(plan) and not isinstance(plan, type) else plan
    return json.dumps(data, indent=2, sort_keys=True) + "\n"


def compare(file: str, text: str) -> None:
    """Show on stdout how FILE differs from the text, and exit 1 if it does."""
    if file == "-":
        raise UsageError("--check needs -o FILE: the file to compare with")
    from pathlib import Path

    from emit.output import difference

    lines = difference(Path(file), text)
    if lines:
        show_diff(lines)
        sys.exit(complain(f"{file} is not what emit writes: run the same without --check", 1))


def colourful() -> bool:
    """Tell whether stdout is a terminal, and NO_COLOR is not set (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and sys.stdout is not None and sys.stdout.isatty()


def columns() -> int:
    """Return the width of the terminal, or of $COLUMNS, or 100."""
    import shutil

    return max(40, shutil.get_terminal_size((100, 24)).columns)


@contextmanager
def reading(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show on stderr, if that is a terminal, how many bytes of `total` were read.

    Yields what is told the bytes of each read; several threads may tell.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _unseen
        return
    with _progress() as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)


def drawn(parts: "Iterable[RenderableType]", *, width: int, colour: bool) -> str:
    """Return what rich draws in lines of at most `width` columns, without blanks at their ends."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


@contextmanager
def meter(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show the same of several things at once, from the first byte on.

    Yields what is told the bytes that came, and those that are now known to come.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _unseen
        return
    bar = _progress()
    task = bar.add_task(label, total=0)

    def move(come: int, known: int) -> None:
        bar.start()
        bar.update(task, advance=come, total=(bar.tasks[0].total or 0) + known)

    try:
        yield move
    finally:
        bar.stop()


@contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on stderr how many of `total` things are done; in a log, one line a tenth.

    Yields what is called when one is done; several threads may call it.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        done = iter(range(1, total + 1))

        def note() -> None:
            number = next(done, total)
            if number * 10 // total > (number - 1) * 10 // total:
                say(f"{label}: {number} of {total}")

        yield note
        return
    from rich.progress import MofNCompleteColumn, TimeElapsedColumn

    with _progress(MofNCompleteColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def _progress(*shown: "ProgressColumn") -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    text = TextColumn("{task.description}", markup=False)
    return Progress(
        *(text, BarColumn(), *(shown or (DownloadColumn(), TransferSpeedColumn()))),
        console=Console(stderr=True),
        transient=True,
    )


def _unseen(*counts: int) -> None:
    """Show nothing."""
    del counts


def show_diff(lines: list[str]) -> None:
    """Show a unified diff, in colours where they are seen."""
    show("".join(_coloured(line) for line in lines))


def _coloured(line: str) -> str:
    """Green and red where there is colour."""
    colour = {"+": "green", "-": "red"}.get(line[:1])
    if colour is None or not colourful():
        return line
    return click.style(line, fg=colour)


def show(text: str | bytes) -> None:
    """Write to stdout to the last byte; raises OutputError when it is closed or full."""
    try:
        click.echo(text, nl=False)
        sys.stdout.flush()
    except OSError as error:
        # The interpreter flushes once more at exit, and would print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise OutputError(f"cannot write to stdout: {error.strerror}; {_CURE}") from error
    except AttributeError as error:  # python has no sys.stdout when it starts without one
        raise OutputError(f"cannot write to stdout: it is closed; {_CURE}") from error


def say(message: str) -> None:
    """Say on stderr what was done, or what the product leaves open."""
    from emit.plain import plain

    lines = (plain(line) for line in message.split("\n"))
    click.echo(f"emit: {chr(10).join(lines)}", err=True)


def complain(message: str, code: int) -> int:
    """Say it on stderr, and return the code to exit with."""
    say(message)
    return code
