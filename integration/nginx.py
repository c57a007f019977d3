"""A real nginx on the loopback: http, https, and https nobody trusts."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import trustme

from integration import packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HOST = "127.0.0.1"
NAME = "files.test"  # of HOST, in the containers: Alpine 3.16 verifies no bare address
CONFIGURATION = """\
{user}
daemon off;
master_process on;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    log_format ranges '$scheme $request_uri $status $body_bytes_sent "$http_range"';
    access_log {folder}/access.log ranges;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    server {{
        listen {host}:{http};
        listen {host}:{https} ssl;
        ssl_certificate {folder}/trusted.pem;
        ssl_certificate_key {folder}/trusted.pem;
        root {folder}/www;
        location /noranges/ {{ alias {folder}/www/; max_ranges 0; }}
        location /slow/ {{ alias {folder}/www/; limit_rate 1m; }}
        location /redirect/ {{ rewrite ^/redirect/(.*)$ /$1 redirect; }}
        location /to-https/ {{ rewrite ^/to-https/(.*)$ https://{name}:{https}/$1 redirect; }}
        location /to-http/ {{ rewrite ^/to-http/(.*)$ http://{name}:{http}/$1 redirect; }}
    }}
    server {{
        listen {host}:{untrusted} ssl;
        ssl_certificate {folder}/untrusted.pem;
        ssl_certificate_key {folder}/untrusted.pem;
        root {folder}/www;
    }}
{more}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """A running nginx that serves the files of `www`."""

    folder: Path
    ports: dict[str, int]
    authority: bytes

    @property
    def www(self) -> Path:
        """The folder that is served."""
        return self.folder / "www"

    def url(self, path: str, server: str = "http") -> str:
        """Return the URL of `path` on the http, https or untrusted server."""
        scheme = "http" if server == "http" else "https"
        return f"{scheme}://{NAME}:{self.ports[server]}{path}"

    def log(self, part: str) -> list[str]:
        """Return the lines of the access log that hold `part`."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [line for line in lines if part in line]


def find(scratch: Path) -> Path | None:
    """Return nginx: the installed one, or Debian's unpacked below `scratch`."""
    return packages.find("nginx", "usr/sbin/nginx", scratch, version="-v")


@contextmanager
def serving(
    program: Path, folder: Path, more: str = "", listeners: Sequence[socket.socket] = ()
) -> Iterator[Nginx]:
    """Run nginx with its files, certificates and logs in `folder`.

    `more` are further blocks of its http block; they may listen where `listeners` do.
    """
    ports = dict(zip(("http", "https", "untrusted"), free_ports(3), strict=True))
    (folder / "www").mkdir()
    authority = _certify(folder)
    user = "user root;" if os.geteuid() == 0 else ""
    text = CONFIGURATION.format(user=user, folder=folder, host=HOST, name=NAME, more=more, **ports)
    (folder / "nginx.conf").write_text(text)
    with (
        (folder / "output").open("wb") as output,
        subprocess.Popen(
            [program, "-p", folder, "-c", folder / "nginx.conf"],
            stdout=output,
            stderr=output,
            pass_fds=[listener.fileno() for listener in listeners],
            env=_inherited(listeners),
        ) as process,
    ):
        try:
            for port in ports.values():
                _wait_for(port, process)
            yield Nginx(folder=folder, ports=ports, authority=authority)
        finally:
            process.terminate()


def _inherited(listeners: Sequence[socket.socket]) -> dict[str, str] | None:
    """Return an environment in which nginx takes these sockets over, as in its upgrade."""
    numbers = "".join(f"{listener.fileno()};" for listener in listeners)
    return {**os.environ, "NGINX": numbers} if numbers else None


def sparse(path: Path, size: int = 4_500_000_000, step: int = 16 << 20) -> str:
    """Make a file of zeros but for marks at both ends of each STEP; return its sha256.

    The digest is made of the same pieces: to read the holes back would take longer.
    """
    digest = hashlib.sha256()
    zeros = memoryview(bytes(step))
    with path.open("wb") as stream:
        for start in range(0, size, step):
            end = min(start + step, size)
            mark = f"{start:016x}".encode()
            stream.write(mark)
            stream.seek(end - len(mark))
            stream.write(mark)
            for piece in (mark, zeros[: end - start - 2 * len(mark)], mark):
                digest.update(piece)
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file that may be too big for memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _certify(folder: Path) -> bytes:
    """Write one certificate of an authority to trust, one of a stranger's."""
    authority = trustme.CA()
    for name, issuer in (("trusted", authority), ("untrusted", trustme.CA())):
        issuer.issue_cert(NAME, "localhost").private_key_and_cert_chain_pem.write_to_path(
            folder / f"{name}.pem"
        )
    return authority.cert_pem.bytes()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once something listens on `port`; nginx binds all of them or ends."""
    while True:
        try:
            socket.create_connection((HOST, port), timeout=10).close()
        except ConnectionRefusedError:
            if process.poll() is not None:
                raise RuntimeError("nginx ended at once") from None
        else:
            return
