"""The programs that emit runs: sh, shellcheck, shfmt, docker. No other module knows subprocess."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from emit.errors import EmitError, ToolError

TimeoutExpired = subprocess.TimeoutExpired
Process = subprocess.Popen[bytes]

_ENGINES = ("docker", "podman", "nerdctl")
_NAME = "{{.Repository}}:{{.Tag}}"
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


def _run(
    command: list[str], stdin: str, timeout: float = _TIMEOUT
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"cannot run {command[0]}: {error}") from error


def ask_engine(*arguments: str, timeout: float = _TIMEOUT) -> tuple[int, str]:
    """Return the status of the engine's command and what it printed, or said went wrong.

    Raises ToolError where no engine is there.
    """
    program = engine()
    if program is None:
        raise ToolError("no docker, podman or nerdctl is here to run a container")
    done = _run([program, *arguments], "", timeout)
    return done.returncode, done.stdout if done.returncode == 0 else done.stderr


def logged(command: list[str], *, env: Mapping[str, str], folder: str) -> tuple[int, str]:
    """Run a command in a folder, with more in its environment; return its status and its log.

    Raises ToolError where it cannot be started.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise ToolError(f"cannot run {command[0]}: {error}") from error
    return done.returncode, done.stdout.decode("utf-8", "replace")


@contextmanager
def serving(command: list[str], log: Path) -> Iterator[Callable[[], bool]]:
    """Run a server in a session of its own until the block ends, its output in a log.

    Yields what tells whether it still runs. Raises ToolError where it cannot be started.
    """
    with log.open("wb") as output, session(command, stdout=output, stderr=output) as run:
        try:
            yield lambda: run.poll() is None
        finally:
            run.terminate()
            try:
                run.wait(_TIMEOUT)
            except subprocess.TimeoutExpired:
                run.kill()


def engine() -> str | None:
    """Return the path of the first of docker, podman and nerdctl that is there."""
    return next(filter(None, map(shutil.which, _ENGINES)), None)


def images() -> list[str]:
    """Return the names of the engine's images; none where there is none, or it is not up."""
    program = engine()
    if program is None:
        return []
    try:
        return _run([program, "image", "ls", "--format", _NAME], "").stdout.split()
    except ToolError:
        return []


@contextmanager
def saving(image: str) -> Iterator[BinaryIO]:
    """Give the stream of `docker save IMAGE` (or podman, nerdctl).

    Raises ToolError where no engine is there, or where it fails, with its own last words.
    """
    program = engine()
    if program is None:
        raise ToolError(f"no file {image}, and no docker, podman or nerdctl to ask for an image")
    save = [program, "save", _latest(program, image)]
    with tempfile.TemporaryFile() as said, _started(save, said) as run:
        try:
            yield cast("BinaryIO", run.stdout)
        except EmitError:
            _require(run, said, timeout=1)  # an engine that failed is why the stream was wrong
            raise
        _require(run, said, timeout=_TIMEOUT)


def _latest(program: str, image: str) -> str:
    """Return NAME:latest for NAME where there is one: docker saves all tags of a bare NAME."""
    latest = f"{image}:latest"
    if ":" in image.rpartition("/")[2]:
        return image
    asked = [program, "image", "inspect", "--format={{.Id}}", latest]
    return latest if _run(asked, "").returncode == 0 else image


@contextmanager
def session(
    command: list[str],
    *,
    stdin: bool = False,
    stdout: IO[bytes] | None = None,
    stderr: IO[bytes] | None = None,
) -> Iterator[Process]:
    """Give a running command in a session of its own; what it says is piped, stdin if asked.

    Raises ToolError where it cannot be started. Whoever asks ends it.
    """
    try:
        run = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=stdout or subprocess.PIPE,
            stderr=stderr or subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"cannot run {command[0]}: {error}") from error
    with run:
        yield run


@contextmanager
def _started(command: list[str], said: IO[bytes]) -> Iterator[Process]:
    with session(command, stderr=said) as run:
        try:
            yield run
        finally:
            run.kill()


def _require(run: Process, said: IO[bytes], timeout: float) -> None:
    """Wait for its end; raises ToolError with its last words where it failed."""
    try:
        code = run.wait(timeout)
    except subprocess.TimeoutExpired:
        return
    if code:
        said.seek(0)
        words = said.read().decode("utf-8", "replace").split("\n")
        last = next((line for line in reversed(words) if line.strip()), f"exit status {code}")
        raise ToolError(f"the engine could not save the image: {last.strip()}")
