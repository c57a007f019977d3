"""A real registry on the loopback: the distribution's docker-registry, installed or unpacked."""

from __future__ import annotations

import time
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from emit import external
from integration import packages
from integration.nginx import HOST, free_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONFIGURATION = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}}}
http: {{addr: {host}:{port}}}
"""


def find(scratch: Path) -> Path | None:
    """Return docker-registry: the installed one, or Debian's unpacked below `scratch`."""
    program = "usr/bin/docker-registry"
    return packages.find("docker-registry", program, scratch, version="--version")


@contextmanager
def serving(program: Path, folder: Path) -> Iterator[str]:
    """Run an empty registry with its files in `folder`; gives its host and port."""
    port = free_ports(1)[0]
    config = folder / "registry.yml"
    config.write_text(CONFIGURATION.format(folder=folder, host=HOST, port=port))
    command = [str(program), "serve", str(config)]
    with external.serving(command, folder / "registry.log") as runs:
        _wait(port, runs)
        yield f"{HOST}:{port}"


def _wait(port: int, runs: Callable[[], bool]) -> None:
    for _ in range(100):
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/v2/")
            connection.getresponse().read()
        except OSError:
            if not runs():
                raise RuntimeError("docker-registry ended at once") from None
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("docker-registry does not answer")
