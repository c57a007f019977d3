"""Programs of the distribution: the installed ones, or those of a package that is unpacked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


def find(package: str, program: str, scratch: Path, *, version: str) -> Path | None:
    """Return a program of a package, such as usr/sbin/nginx; None where none can be had.

    It is unpacked below `scratch`, where an earlier run's is taken as it is, and not installed;
    `version` is the option that it ends on.
    """
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin"
    installed = shutil.which(Path(program).name, path=path)
    if installed is not None:
        return Path(installed)
    unpacked = scratch / program
    if _runs(unpacked, version):
        return unpacked
    unpack = f"apt-get download -qq {package} && dpkg-deb -x ./{package}_*.deb ."
    if os.geteuid() == 0:
        unpack = f"{{ {unpack}; }} || {{ apt-get update -qq && {unpack}; }}"
    scratch.mkdir(parents=True, exist_ok=True)
    subprocess.run(["/bin/sh", "-c", unpack], cwd=scratch, capture_output=True, check=False)
    return unpacked if _runs(unpacked, version) else None


def _runs(program: Path, version: str) -> bool:
    try:
        return subprocess.run([program, version], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
