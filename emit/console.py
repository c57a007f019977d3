"""What the commands say: the product to stdout or FILE, talk to stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

import click

from emit.errors import OutputError, UsageError

_CURE = "let its reader read to the end, or give -o FILE"


def complete_assets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names in emit.toml that begin so, for the shell; none where it cannot be read."""
    del ctx, param
    from pathlib import Path

    from emit.assets.config import read_config
    from emit.errors import EmitError

    try:
        names = read_config(Path("emit.toml")).assets
    except EmitError:
        return []
    return [name for name in names if name.startswith(incomplete)]


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


def show_diff(lines: list[str]) -> None:
    """Show a unified diff, in colours where they are seen."""
    show("".join(_coloured(line) for line in lines))


def _coloured(line: str) -> str:
    """Green and red on a terminal, unless NO_COLOR says otherwise (https://no-color.org)."""
    colour = {"+": "green", "-": "red"}.get(line[:1])
    if colour is None or os.environ.get("NO_COLOR") or not sys.stdout.isatty():
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
    click.echo(f"emit: {message}", err=True)


@contextmanager
def meter(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr if that is a terminal; yield what is told bytes come and to come.

    It may be called by several threads.
    """
    if not sys.stderr.isatty():
        yield _unseen
        return
    with ExitStack() as stack:
        yield _Bar(label, stack).move


class _Bar:
    """A bar that appears with the first bytes."""

    def __init__(self, label: str, stack: ExitStack) -> None:
        self._new = click.progressbar(length=0, label=label, file=sys.stderr)
        self._stack = stack
        self._lock = Lock()
        self._seen = False

    def move(self, come: int, known: int) -> None:
        with self._lock:
            if not self._seen:
                self._stack.enter_context(self._new)
            self._seen = True
            self._new.length = (self._new.length or 0) + known
            self._new.update(come)


def _unseen(come: int, known: int) -> None:
    """Show nothing."""
    del come, known


def complain(message: str, code: int) -> int:
    """Say it on stderr, and return the code to exit with."""
    say(message)
    return code
