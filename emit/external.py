"""The programs that emit runs: sh, shellcheck, shfmt. The only module that knows subprocess."""

import shutil
import subprocess
import sys
from pathlib import Path

from emit.errors import ToolError

_TIMEOUT = 60  # seconds; each of them takes a fraction of one


def find(program: str) -> str | None:
    """Return the path of PROGRAM: beside this python (a wheel's script), else on PATH."""
    beside = Path(sys.executable).parent
    return shutil.which(program, path=str(beside)) or shutil.which(program)


def syntax_error(script: str) -> str | None:
    """Return what `sh -n` says of a script that it cannot read, None where all is well."""
    shell = find("sh")
    if shell is None:
        return None
    done = _run([shell, "-n"], script)
    return None if done.returncode == 0 else done.stderr.strip()


def shellcheck(script: str) -> list[str]:
    """Return shellcheck's errors, one line each; none where shellcheck is not installed.

    Only errors: a newer shellcheck brings new warnings, and those are for `make lint`.
    """
    program = find("shellcheck")
    if program is None:
        return []
    options = ["--norc", "--shell=sh", "--severity=error", "--format=gcc", "-"]
    return _run([program, *options], script).stdout.splitlines()


def shfmt(options: list[str], script: str) -> str:
    """Return what shfmt prints for the script.

    Raises ToolError where shfmt is missing or refuses the script.
    """
    program = find("shfmt")
    if program is None:
        raise ToolError("--minify needs shfmt: pip install shfmt-py")
    done = _run([program, "-ln", "posix", *options], script)
    if done.returncode != 0:
        raise ToolError(f"{program} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _run(command: list[str], stdin: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"cannot run {command[0]}: {error}") from error
