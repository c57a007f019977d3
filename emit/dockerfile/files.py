"""FILE or stdin -> Dockerfile."""

import sys
from pathlib import Path

from emit.dockerfile.model import Dockerfile
from emit.dockerfile.parse import parse
from emit.dockerfile.text import decode
from emit.dockerfile.validate import validate
from emit.errors import UsageError


def read(file: str) -> Dockerfile:
    """Return the Dockerfile in FILE, or on stdin when that is `-`.

    Raises UsageError when it cannot be read and DockerfileError when it would not build.
    """
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot read {file}: {reason}; name a Dockerfile with -f") from error
    dockerfile = parse(decode(data), file="<stdin>" if file == "-" else file)
    validate(dockerfile)
    return dockerfile
