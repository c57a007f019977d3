"""What the user names -> an image: a tar file, a folder, `-`, or a name for the engine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emit.errors import InputError, UsageError
from emit.layers.chunks import read_all
from emit.layers.image import Image, load
from emit.layers.once import in_stream
from emit.layers.store import Store, Told, in_file, in_folder, is_layout

if TYPE_CHECKING:
    from typing import BinaryIO

_ENGINE = ("docker-daemon:", "docker:")
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".oci")


def read_image(name: str, *, platform: str = "", tag: str = "", told: Told) -> Image:
    """Read the image; `told` gets the bytes of each read. Raises InputError, UsageError, ToolError.

    A NAME that is there as a file, or as a folder with an image, is that; any other is the
    engine's.
    """
    try:
        if name == "-":
            return _load(in_stream(read_all(_stdin(), told)), platform, tag)
        path = Path(name)
        if path.is_dir() and (_is_path(name) or is_layout(path)):
            return _load(in_folder(path, told), platform, tag)
        if path.exists() and not path.is_dir():
            return _load(in_file(path, told), platform, tag)
        return _from_engine(name, platform, tag, told)
    except (InputError, UsageError) as error:
        raise type(error)(f"{'stdin' if name == '-' else name}: {error}") from error
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from error


def total(name: str) -> int | None:
    """Return how many bytes there are to read, None where nobody can tell."""
    try:
        path = Path(name)
        return path.stat().st_size if name != "-" and path.is_file() else None
    except OSError:  # read_image says it
        return None


def _load(store: Store, platform: str, tag: str) -> Image:
    return load(store, platform=platform, tag=tag)


def _is_path(name: str) -> bool:
    """Tell what is written as a path and can name no image."""
    return name.startswith((".", "/", "~")) or name.endswith("/")


def _from_engine(name: str, platform: str, tag: str, told: Told) -> Image:
    prefix = next((prefix for prefix in _ENGINE if name.startswith(prefix)), "")
    if not prefix and (_is_path(name) or name.endswith(_ARCHIVES)):
        raise InputError("there is no such file or folder")
    name = name.removeprefix(prefix)
    if name.startswith("-"):
        raise InputError("the engine would take this for an option; name an image")
    from emit.external import saving

    with saving(name) as stream:
        return _load(in_stream(read_all(stream, told)), platform, tag)


def _stdin() -> "BinaryIO":
    if sys.stdin is None or sys.stdin.isatty():
        what = "closed" if sys.stdin is None else "a terminal"
        raise InputError(f"it is {what}; pipe an image in: docker save IMAGE | emit layers -")
    return sys.stdin.buffer
