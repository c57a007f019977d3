"""argv -> options -> plan -> text -> FILE or stdout. The only module that knows click.

Whatever else a command needs is imported inside it, so that `emit --help` starts as fast
as click itself.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from emit import __version__
from emit.errors import EmitError, OutputError, UsageError

_INTERRUPTED = 130
_CURE = "let its reader read to the end, or give -o FILE"


class _Group(click.Group):
    """A group that says each failure in one sentence on stderr, and exits with its code."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            code = error.exit_code
        except click.ClickException as error:
            code = _complain(_one_line(error), error.exit_code)
        except EmitError as error:
            code = _complain(str(error), error.exit_code)
        except click.Abort:
            code = _complain("interrupted", _INTERRUPTED)
        sys.exit(code or 0)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Exit codes: 0 done, 1 it failed or --check found a difference, 2 usage,
70 a bug in emit, 130 interrupted.

\b
Shell completion, in ~/.bashrc (or zsh, fish):
  eval "$(_EMIT_COMPLETE=bash_source emit)"
""",
)
@click.version_option(__version__, "-V", "--version", message="emit %(version)s")
def cli() -> None:
    """Write portable POSIX sh scripts for people who build images on Alpine."""


@cli.command(
    epilog="""\b
Examples:
  emit rget -o rget.sh                  everything
  emit rget --lean >rget.sh             the core and digest, to read in one sitting
  emit rget --lean --with progress      ... and a bar
  emit rget --without portable          busybox wget and nothing else
  emit rget --lean --minify             short, to paste into a Dockerfile
  emit rget -o rget.sh --check          in CI: is the vendored copy up to date?
"""
)
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option("--lean", is_flag=True, help="Begin with core and digest instead of all features.")
@click.option("--with", "with_", multiple=True, metavar="F", help="Add a feature; repeatable.")
@click.option("--without", multiple=True, metavar="F", help="Leave a feature out; repeatable.")
@click.option("--minify", is_flag=True, help="No comments, short names.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
@click.option("--plan", is_flag=True, help="Write nothing; print the decisions as JSON.")
def rget(
    *,
    file: str,
    lean: bool,
    with_: Sequence[str],
    without: Sequence[str],
    minify: bool,
    check: bool,
    plan: bool,
) -> None:
    """Write rget.sh, which fetches a file over several HTTP range requests at once.

    It needs nothing but what a stock Alpine image holds. Features: digest, headers,
    mirrors, portable (GNU wget, curl), progress, stream; all of them unless --lean.
    """
    from emit.rget import TEMPLATE, plan_rget

    chosen = plan_rget(lean=lean, with_=with_, without=without, minify=minify)
    if plan:
        _print(_json(chosen))
        return
    from emit.compose import compose

    text = compose(TEMPLATE, chosen.values(), short=chosen.title if minify else None)
    if check:
        _compare(file, text)
    else:
        _write(file, text)


def _write(file: str, text: str) -> None:
    if file == "-":
        _print(text)
        return
    from pathlib import Path

    from emit.output import write_script

    write_script(Path(file), text)


def _json(plan: object) -> str:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(plan), indent=2, sort_keys=True) + "\n"  # type: ignore[call-overload]


def _compare(file: str, text: str) -> None:
    """Show on stdout how FILE differs from the text, and exit 1 if it does."""
    if file == "-":
        raise UsageError("--check needs -o FILE: the file to compare with")
    from pathlib import Path

    from emit.output import difference

    lines = difference(Path(file), text)
    if lines:
        _print("".join(_coloured(line) for line in lines))
        sys.exit(_complain(f"{file} is not what emit writes: run the same without --check", 1))


def _coloured(line: str) -> str:
    """Green and red on a terminal, unless NO_COLOR says otherwise (https://no-color.org)."""
    colour = {"+": "green", "-": "red"}.get(line[:1])
    if colour is None or os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return line
    return click.style(line, fg=colour)


def _print(text: str) -> None:
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


def _one_line(error: click.ClickException) -> str:
    """Fold a usage error and where to read on into one sentence."""
    text = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "emit"
    see = " See" if text.endswith(("?", "?)")) else "; see"
    return f"{text[:1].lower()}{text[1:]}{see} '{path} --help'"


def _complain(message: str, code: int) -> int:
    click.echo(f"emit: {message}", err=True)
    return code


def main() -> NoReturn:
    """Run the command `emit`."""
    cli.main(prog_name="emit")
