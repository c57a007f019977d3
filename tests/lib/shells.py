"""The functions of shell_templates/lib as they are, each under every shell that is here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.variants import NAMED, script_of

LIB = Path(__file__).parents[2] / "shell_templates" / "lib"
SHELLS = tuple(
    shell for shell in ("dash", "bash", "mksh", "yash", "busybox") if shutil.which(shell)
)


def call(shell: str, folder: Path, files: str, script: str) -> tuple[int, str]:
    """Return the status of `script` behind the functions of `files`, and all that it printed.

    `files` are names below lib/rget, with blanks between them; all/NAME is a function of the
    script with every feature, where the template has it.
    """
    functions = [_function(file) for file in files.split()]
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


def _function(file: str) -> str:
    folder, _, name = file.partition("/")
    if folder != "all":
        return (LIB / "rget" / f"{file}.sh").read_text()
    found = re.search(
        rf"^{name}\(\) \{{.*?^\}}$", script_of(NAMED["all"]), re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"the script has no {name}()"
    return found[0]
