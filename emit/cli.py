"""argv -> options -> plan -> text -> FILE or stdout.

Only this module, emit.console and emit.commands know click. Whatever else a command needs
is imported inside it, so that `emit --help` starts as fast as click itself.
"""

import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from emit import __version__
from emit.console import complain
from emit.errors import EmitError

_INTERRUPTED = 130
COMMANDS = (  # each a module of emit.commands with a function of that name
    "rget",
    "init",
    "lock",
    "fetch",
    "snippet",
    "sync",
    "check",
    "bump",
    "target",
    "graph",
    "cache",
    "minify",
    "layers",
    "pattern",
    "selftest",
)


class _Group(click.Group):
    """A group that says each failure in one sentence on stderr, and exits with its code."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            code = error.exit_code
        except click.ClickException as error:
            code = complain(_one_line(error), error.exit_code)
        except EmitError as error:
            code = complain(str(error), error.exit_code)
        except click.Abort:
            code = complain("interrupted", _INTERRUPTED)
        sys.exit(code or 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"emit.commands.{cmd_name}"), cmd_name)
        return command


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


def _one_line(error: click.ClickException) -> str:
    """Fold a usage error and where to read on into one sentence."""
    text = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "emit"
    see = " See" if text.endswith(("?", "?)")) else "; see"
    return f"{text[:1].lower()}{text[1:]}{see} '{path} --help'"


def main() -> NoReturn:
    """Run the command `emit`."""
    cli.main(prog_name="emit")
