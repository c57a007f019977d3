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
#: Each a module of emit.commands with a function of that name; what --help says of it stands
#: here, too, so that it need not import them all.
COMMANDS = {
    "rget": "Write rget.sh, which fetches a file over several HTTP range requests at once.",
    "init": "Write a first emit.toml: an example, or one for the latest releases of projects.",
    "lock": "Pin every asset of emit.toml, for every platform, in emit.lock beside it.",
    "fetch": "Write one script that fetches pinned assets, with everything it needs to know in it.",
    "snippet": "Write a Dockerfile block for pinned assets, every architecture in it.",
    "sync": "Write the managed blocks of Dockerfiles and scripts anew, and nothing else.",
    "check": "Exit 1 where something is not as pinned, and show it; write nothing.",
    "bump": "Move assets to their newest version: in emit.toml, emit.lock and all managed blocks.",
    "target": "Write the Dockerfile that STAGE needs: its lines and those of the stages below it.",
    "graph": "Draw which stage takes from which, what STAGE needs, and what can be built at once.",
    "cache": "Write the script that builds IMAGE in CI so that the cache of every stage hits.",
    "minify": "Merge neighbouring RUNs and COPYs of a Dockerfile where the image stays the same.",
    "layers": "Say why an image is big: which commands to change first, then layer by layer.",
    "pattern": "Write the multi-stage Dockerfile called NAME: one idea, said in its comments.",
    "selftest": "Drive SCRIPT against a misbehaving server on the loopback; say what came of it.",
}


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

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
