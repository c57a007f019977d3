import json
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emit import __version__, compose
from emit.cli import COMMANDS, cli
from emit.rget import FEATURES, plan_rget
from tests.variants import ROOT


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each command in an empty folder."""
    monkeypatch.chdir(tmp_path)


def emit(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="emit")


def process(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run emit as a user does, in a process of its own."""
    command = [sys.executable, "-m", "emit", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    keywords = {"env": env, "stderr": subprocess.PIPE, "text": True, "timeout": 60, **options}
    return subprocess.run(command, check=False, **keywords)  # type: ignore[call-overload, no-any-return]


def sentence(result: Result, code: int) -> str:
    """Return what a failed command said: one line on stderr, nothing on stdout."""
    assert (result.exit_code, result.stdout) == (code, "")
    return one_line(result.stderr)


def one_line(stderr: str) -> str:
    assert stderr.startswith("emit: ")
    assert stderr.endswith("\n")
    assert stderr.count("\n") == 1
    return stderr.removeprefix("emit: ").rstrip("\n")


def test_the_version_is_the_one_of_the_package() -> None:
    assert emit("--version").stdout == f"emit {__version__}\n"


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("rget", "--help")], ids=str)
def test_help_goes_to_stdout_in_100_columns(arguments: Sequence[str]) -> None:
    result = emit(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_help_tells_the_commands_the_exit_codes_and_completion() -> None:
    text = emit("--help").stdout
    for part in ("rget", "0 done", "2 usage", "70 a bug", "_EMIT_COMPLETE=bash_source"):
        assert part in text


def test_help_of_rget_names_every_feature_and_gives_examples() -> None:
    text = emit("rget", "--help").stdout
    assert [name for name in FEATURES if name not in text] == []
    examples = [line.split()[1:] for line in text.splitlines() if line.startswith("    emit rget")]
    assert len(examples) > 3


def test_without_a_command_the_help_is_an_error() -> None:
    result = emit()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "rget" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_gets_its_completion(shell: str) -> None:
    result = CliRunner().invoke(cli, prog_name="emit", env={"_EMIT_COMPLETE": f"{shell}_source"})
    assert result.exit_code == 0
    assert "_EMIT_COMPLETE" in result.stdout


def test_completion_knows_the_options() -> None:
    env = {"_EMIT_COMPLETE": "bash_complete", "COMP_WORDS": "emit rget --mi", "COMP_CWORD": "2"}
    assert "--minify" in CliRunner().invoke(cli, prog_name="emit", env=env).stdout


@pytest.mark.parametrize("arguments", [(), ("-o", "-"), ("-o-",)], ids=str)
def test_the_script_goes_to_stdout(arguments: Sequence[str], tmp_path: Path) -> None:
    result = emit("rget", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("#!/bin/sh\n")
    assert result.stdout.endswith('\nmain "$@"\n')
    assert not list(tmp_path.iterdir())


def test_a_file_gets_what_stdout_gets_and_can_be_run(tmp_path: Path) -> None:
    result = emit("rget", "-o", "rget.sh")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("rget.sh").read_text(encoding="utf-8") == emit("rget").stdout
    assert stat.S_IMODE(Path("rget.sh").stat().st_mode) == 0o755
    assert list(tmp_path.iterdir()) == [tmp_path / "rget.sh"]


@pytest.mark.parametrize(
    ("arguments", "features"),
    [
        ((), tuple(FEATURES)),
        (("--lean",), ("digest",)),
        (("--lean", "--with", "stream", "--with", "headers"), ("digest", "headers", "stream")),
        (("--without", "portable"), tuple(sorted({*FEATURES} - {"portable"}))),
        (("--lean", "--without", "digest"), ()),
    ],
)
def test_the_plan_is_json_and_nothing_is_written(
    arguments: Sequence[str], features: tuple[str, ...], tmp_path: Path
) -> None:
    result = emit("rget", *arguments, "--plan", "-o", "rget.sh")
    assert (result.exit_code, result.stderr) == (0, "")
    plan = json.loads(result.stdout)
    assert plan["features"] == list(features)
    assert plan["functions"] == list(plan_rget(without={*FEATURES} - {*features}).functions)
    assert list(plan) == sorted(plan)
    assert emit("rget", *arguments, "--plan").stdout == result.stdout
    assert not list(tmp_path.iterdir())


def test_the_same_options_give_the_same_bytes() -> None:
    """Neither the hash seed nor the folder, the locale or the time has a say."""
    runs = [
        process("rget", "--minify", stdout=subprocess.PIPE, env={**os.environ, **env})
        for env in (
            {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
            {
                "PYTHONPATH": str(ROOT),
                "PYTHONHASHSEED": "2",
                "LC_ALL": "C.UTF-8",
                "TZ": "Asia/Tokyo",
            },
        )
    ]
    assert runs[0].stdout.startswith("#!/bin/sh\n")
    assert runs[0].stdout == runs[1].stdout


def test_check_is_silent_where_nothing_differs() -> None:
    emit("rget", "--lean", "-o", "rget.sh")
    result = emit("rget", "--lean", "-o", "rget.sh", "--check")
    assert (result.exit_code, result.output) == (0, "")


def test_check_shows_the_difference_and_writes_nothing() -> None:
    emit("rget", "--lean", "-o", "rget.sh")
    script = Path("rget.sh")
    script.write_text(script.read_text(encoding="utf-8").replace("VERSION=", "VERSIONS="))
    before = script.read_bytes()
    result = emit("rget", "--lean", "-o", "rget.sh", "--check")
    assert result.exit_code == 1
    assert result.stdout.startswith("--- rget.sh\n+++ emit\n@@ ")
    assert "\n-VERSIONS=" in result.stdout
    assert one_line(result.stderr).startswith("rget.sh is not what emit writes: ")
    assert script.read_bytes() == before


def test_check_of_a_missing_file_writes_nothing(tmp_path: Path) -> None:
    result = emit("rget", "-o", "rget.sh", "--check")
    assert result.exit_code == 1
    assert "\n+#!/bin/sh\n" in result.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (("--with", "progres"), 2, "no feature 'progres': did you mean progress? there are digest"),
        (("--without", "x"), 2, "no feature 'x': there are digest, headers, mirrors, portable"),
        (("--with", "stream", "--without", "stream"), 2, "--with stream and --without stream"),
        (("--check",), 2, "--check needs -o FILE"),
        (("--lien",), 2, "--lean"),
        (("-o",), 2, "option '-o' requires an argument; see 'emit"),
        (("extra",), 2, "unexpected extra argument (extra); see 'emit rget --help'"),
        (("-o", "."), 1, "cannot write .: it is a directory; name a file in it"),
        (("-o", "a/b"), 1, "cannot write a/b: its folder does not exist"),
        (("-o", "."), 1, "cannot write .: it is a directory"),
        (("-o", ".", "--check"), 1, "cannot read .: Is a directory"),
    ],
)
def test_a_failure_is_one_sentence(
    arguments: Sequence[str], code: int, part: str, tmp_path: Path
) -> None:
    assert part in sentence(emit("rget", *arguments), code)
    assert not list(tmp_path.iterdir())


def test_an_unknown_command_is_one_sentence() -> None:
    assert "'rgat'" in sentence(emit("rgat"), 2)


def test_an_unknown_global_option_is_one_sentence() -> None:
    assert "see 'emit --help'" in sentence(emit("--lean"), 2)


def test_a_script_that_breaks_a_rule_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compose, "render", lambda *_: "#!/bin/sh\neval x\n")
    said = sentence(emit("rget", "-o", "rget.sh"), 70)
    assert "line 2: uses eval" in said
    assert "a bug in emit" in said
    assert not list(tmp_path.iterdir())


def test_an_interrupt_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(compose, "render", interrupt)
    result = emit("rget")
    assert result.exit_code == 130
    assert one_line(result.stderr.lstrip("\n")) == "interrupted"


def test_a_closed_pipe_is_one_sentence() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process("rget", stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 1
    assert one_line(done.stderr).startswith("cannot write to stdout: Broken pipe; ")


def test_a_full_disk_behind_stdout_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = process("rget", stdout=full)
    assert done.returncode == 1
    assert one_line(done.stderr).startswith("cannot write to stdout: No space left on device; ")


def test_no_stdout_at_all_is_one_sentence() -> None:
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "emit", "rget"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, env=env, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert one_line(done.stderr).startswith("cannot write to stdout: it is closed; ")


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_difference_has_colour_on_a_terminal_unless_no_color(
    no_color: str, *, coloured: bool
) -> None:
    ours, theirs = pty.openpty()
    Path("rget.sh").write_text("old\n")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": no_color, "TERM": "xterm"}
    arguments = ["rget", "-o", "rget.sh", "--check", "--lean"]
    running = subprocess.Popen([sys.executable, "-m", "emit", *arguments], env=env, stdout=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        assert running.wait(timeout=60) == 1  # Linux ends a pty with EIO
    os.close(ours)
    assert b"+#!/bin/sh" in shown
    assert (b"\x1b[" in shown) is coloured


def loaded(code: str) -> set[str]:
    """Return the modules that are loaded after some code, in a python of its own."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_start_costs_hardly_more_than_click() -> None:
    """Click itself asks for the locale, when it makes its first command."""
    more = loaded("import emit.cli") - loaded("import click, locale")
    assert more <= {"emit", "emit.cli", "emit.console", "emit.errors"}


def test_help_loads_no_verb() -> None:
    text = "from emit.cli import cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass"
    assert not {"jinja2", "subprocess", "emit.rget", "emit.render"} & loaded(text)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_says_of_a_command_what_its_own_says(name: str) -> None:
    command = getattr(import_module(f"emit.commands.{name}"), name)
    assert COMMANDS[name] == command.get_short_help_str(limit=200)
