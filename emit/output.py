"""Bring text to its place whole or not at all, or say how it differs from what is there."""

import difflib
import os
import tempfile
from pathlib import Path

from emit.errors import OutputError


def write_script(file: Path, text: str) -> None:
    """Write an executable script to FILE as `write_file` does."""
    write_file(file, text, mode=0o755)


def write_file(file: Path, text: str, *, mode: int | None = None) -> None:
    """Write FILE by one rename; leave nothing behind on failure.

    Without a MODE it keeps the one it has. A symbolic link stays one and its target is
    written. A device or a FIFO, which cannot be replaced, is written to. Surrogates in the
    text are the bytes that they were read from. Raises OutputError.
    """
    try:
        target = file.resolve()
        data = text.encode(errors="surrogateescape")
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            _replace(target, data, mode)
    except (OSError, RuntimeError) as error:
        raise OutputError(f"cannot write {file}: {_reason(error)}") from error


def difference(file: Path, text: str) -> list[str]:
    """Return the unified diff that turns FILE into the text, empty when they are equal.

    A FILE that is missing counts as empty. Raises OutputError when it cannot be read.
    """
    try:
        old = file.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        old = ""
    except OSError as error:
        raise OutputError(f"cannot read {file}: {_reason(error)}") from error
    lines = difflib.unified_diff(
        old.splitlines(keepends=True),
        text.splitlines(keepends=True),
        fromfile=str(file),
        tofile="emit",
    )
    return [_ended(line) for line in lines]


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a directory; name a file in it")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        temporary.chmod(mode if mode is not None else _mode(target))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Return the permissions of a file, those of a text where there is none yet."""
    return target.stat().st_mode & 0o7777 if target.exists() else 0o644


def _ended(line: str) -> str:
    """Mark a last line without newline as diff(1) does."""
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _reason(error: OSError | RuntimeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "its folder does not exist; create it first"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
