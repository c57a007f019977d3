"""emit selftest: a downloader against a server that misbehaves."""

import sys
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
from click.shell_completion import CompletionItem

from emit.commands.options import complete_images
from emit.console import as_json, colourful, columns, complain, counting, write_text

if TYPE_CHECKING:
    from emit.selftest.case import Case
    from emit.selftest.machine import Script
    from emit.selftest.suite import Result


class _Asked(TypedDict):
    """The command line, by click's names."""

    script: str | None
    command: str | None
    images: tuple[str, ...]
    shells: tuple[str, ...]
    names: tuple[str, ...]
    listed: bool
    big: bool
    strict: bool
    json: bool
    file: str
    jobs: int
    deadline: int


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the cases that begin with what was typed."""
    from emit.selftest.cases import CASES

    del ctx, param
    return [
        CompletionItem(case.name, help=case.server)
        for case in CASES
        if case.name.startswith(incomplete)
    ]


@click.command(
    epilog="""\b
SCRIPT is run as `sh SCRIPT -o OUT -u URL -P N`; - is stdin. Cases that need more of its
options are asked only of a script that takes them: -s, -H, -b, -t, -T, -x, -q, -u -u, -o -.
A command gets $URL and $OUT and, where it names them, $DIGEST, $HEADER and $MIRROR.

\b
Examples:
  emit rget | emit selftest -                   under each shell of this machine
  emit selftest rget.sh --in alpine:3.20        in a container
  emit selftest rget.sh --in alpine:3.9 --in alpine:edge --case 'mirror-*'
  emit selftest --command 'wget -qO "$OUT" "$URL"'
  emit selftest --command 'curl -fsSLo "$OUT" "$URL" &&
    echo "$DIGEST  $OUT" | sha256sum -c'
  emit selftest --list                          all the cases

\b
Exit codes: 0 no harm done, 1 wrong bytes, leftovers, a hang or a leak, or not even a good
server's file, 2 usage.
"""
)
@click.argument("script", required=False, type=click.Path())
@click.option("--command", metavar="CMD", help="Test this sh command instead of a script.")
@click.option(
    "--in",
    "images",
    multiple=True,
    metavar="IMAGE",
    help="Run it in a container of IMAGE; repeatable.",
    shell_complete=complete_images,
)
@click.option(
    "--shell", "shells", multiple=True, metavar="SH", help="Run it under SH only; repeatable."
)
@click.option(
    "--case",
    "names",
    multiple=True,
    metavar="NAME",
    help="Try the cases called so (* and ? match); repeatable.",
    shell_complete=_complete,
)
@click.option("--list", "listed", is_flag=True, help="Run nothing; tell what the cases are.")
@click.option("--big", is_flag=True, help="Also files beyond 2 and 4 GiB.")
@click.option("--strict", is_flag=True, help="Exit 1 for what is weak, too.")
@click.option("--json", is_flag=True, help="The report as JSON, its schema versioned.")
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option(
    "-j", "--jobs", default=8, metavar="N", help="Cases at once (8).", type=click.IntRange(1, 64)
)
@click.option(
    "--deadline",
    default=40,
    metavar="SEC",
    help="What runs longer hangs (40).",
    type=click.IntRange(1),
)
def selftest(**asked: Unpack[_Asked]) -> None:
    """Drive SCRIPT against a misbehaving server on the loopback; say what came of it.

    Each case is one thing that servers do: no ranges, resets, lies, redirects, signed
    URLs that expire. A case is ok, weak (safe, but less than could be) or BAD.
    """
    from emit.selftest.cases import choose

    cases = choose(asked["names"], big=asked["big"])
    if asked["listed"]:
        write_text(asked["file"], _listed(cases, asked))
        return
    script = _script(asked["script"], asked["command"])
    results = _results(script, cases, asked)
    write_text(asked["file"], _drawn(script.name, results, asked))
    _judge(results, strict=asked["strict"])


def _script(file: str | None, command: str | None) -> "Script":
    from emit.errors import InputError
    from emit.selftest.machine import Script

    if (file is None) == (command is None):
        raise click.UsageError("give a SCRIPT or --command CMD")
    if command is not None:
        return Script(command, command=command)
    try:
        with click.open_file(file or "-", "rb") as stream:
            return Script(file or "-", text=stream.read())
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}; give a shell script") from error


def _results(script: "Script", cases: "tuple[Case, ...]", asked: _Asked) -> "list[Result]":
    import tempfile
    from pathlib import Path

    from emit.selftest.cases import FIRST
    from emit.selftest.machine import SCRIPT, machines
    from emit.selftest.suite import Suite

    with tempfile.TemporaryDirectory(prefix="emit-selftest-") as folder:
        shared = Path(folder)
        shared.chmod(0o755)
        (shared / SCRIPT).write_bytes(script.text)
        with (
            machines(shared, asked["images"], asked["shells"]) as here,
            counting("selftest", len(here) * len({FIRST, *cases})) as tell,
        ):
            suite = Suite(
                script=script,
                cases=cases,
                jobs=asked["jobs"],
                deadline=asked["deadline"],
                tell=tell,
            )
            return suite.run(here)


def _listed(cases: "tuple[Case, ...]", asked: _Asked) -> str:
    from emit.selftest.report import draw_cases, list_data

    if asked["json"]:
        return as_json(list_data(cases))
    return draw_cases(cases, width=columns(), colour=colourful())


def _drawn(name: str, results: "list[Result]", asked: _Asked) -> str:
    from emit.selftest.report import as_data, draw

    if asked["json"]:
        return as_json(as_data(name, results))
    return draw(results, width=columns(), colour=colourful() and asked["file"] == "-")


def _judge(results: "list[Result]", *, strict: bool) -> None:
    """Say how many went how; exit 1 if one went badly, or nothing could be asked."""
    from emit.console import say
    from emit.selftest.cases import FIRST
    from emit.selftest.judge import Grade
    from emit.selftest.report import summary

    harmful = {Grade.BAD, Grade.WEAK} if strict else {Grade.BAD}
    told = summary(results)
    unable = [one for one in results if one.case == FIRST and one.gave_up]
    if unable:
        where = ", ".join(one.machine for one in unable)
        sys.exit(complain(f"{told}; it got no file from a good server ({where}): try it there", 1))
    if any(one.verdict.grade in harmful for one in results):
        sys.exit(complain(told, 1))
    say(told)
