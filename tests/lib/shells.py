"""The functions of shell_templates/lib as they are, each under every shell that is here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

LIB = Path(__file__).parents[2] / "shell_templates" / "lib"
SHELLS = tuple(
    shell for shell in ("dash", "bash", "mksh", "yash", "busybox") if shutil.which(shell)
)


def call(shell: str, folder: Path, files: str, script: str) -> tuple[int, str]:
    """Return the status of `script` behind the functions of `files`, and all that it printed.

    `files` are names below lib/rget, with blanks between them.
    """
    functions = [(LIB / "rget" / f"{file}.sh").read_text() for file in files.split()]
    line = [shell, *(["sh"] if shell == "busybox" else []), "-c"]
    done = subprocess.run(
        [*line, "\n".join(["set -eu; exec 9>&1; worker=0 clear=''", *functions, script])],
        capture_output=True,
        check=False,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        text=True,
        timeout=20,
    )
    return done.returncode, done.stdout + done.stderr
