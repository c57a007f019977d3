"""Bring text to its place whole or not at all, or say how it differs from what is there."""

import difflib
import os
import stat
import tempfile
from pathlib import Path

from emit.errors import OutputError


def write_script(file: Path, text: str) -> None:
    """Write an executable script to FILE by one rename; leave nothing behind on failure.

    A symbolic link stays one and its target is written. A device or a FIFO, which cannot be
    replaced, is written to. Raises OutputError.
    """
    _write(file, text.encode(), 0o755)


def write_plain(file: Path, text: str) -> None:
    """Write a Dockerfile as `write_script` does; FILE keeps its mode, or gets the usual one."""
    _write(file, text.encode("utf-8", "surrogateescape"), None)


def _write(file: Path, data: bytes, mode: int | None) -> None:
    try:
        target = file.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
        else:
            _replace(target, data, _usual_mode(target) if mode is None else mode)
    except (OSError, RuntimeError) as error:
        raise OutputError(f"cannot write {file}: {_reason(error)}") from error


def _usual_mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


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
    return unified(str(file), old, text)


def unified(name: str, old: str, new: str) -> list[str]:
    """Return the unified diff from an old text, called NAME, to what emit writes."""
    lines = difflib.unified_diff(
        _printable(old).splitlines(keepends=True),
        _printable(new).splitlines(keepends=True),
        fromfile=name,
        tofile="emit",
    )
    return [_ended(line) for line in lines]


def _printable(text: str) -> str:
    """Return a text that any terminal takes: bytes that are not UTF-8 as escapes."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _replace(target: Path, data: bytes, mode: int) -> None:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a directory; name a file in it")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _ended(line: str) -> str:
    """Mark a last line without newline as diff(1) does."""
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _reason(error: OSError | RuntimeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "its folder does not exist; create it first"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
