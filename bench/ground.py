"""Where downloads are measured: a real nginx, an Alpine container, Debian's programs in it."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import socket
import socketserver
import subprocess
import tarfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from emit.selftest.container import SHARED
from integration.containers import DOCKER, docker, owner
from integration.nginx import HOST, Nginx, find, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACING = 47  # SO_MAX_PACING_RATE of linux/socket.h: bytes a second, by the kernel, no burst
PLAIN, FAR = "plain", "100 ms"
RATES = {"4 MB/s": 4_000_000, "25 MB/s": 25_000_000}
DELAY = 0.1  # s before the first byte of each answer
PACKAGES = ("aria2", "axel", "curl", "wget")
SERVER = """\
    server {{
        listen {host}:{http};
        listen {host}:{https} ssl;
        ssl_certificate {folder}/trusted.pem;
        ssl_certificate_key {folder}/trusted.pem;
        root {folder}/www;
        {rest}
    }}
"""
WAIT = """auth_request /wait;
        location = /wait {{ internal; proxy_pass http://{host}:{port}; }}"""
# Runs a program of Debian's with Debian's loader and libraries, where Alpine has others.
FOREIGN = """\
#!/bin/sh
exec {loader} --library-path {libraries} "$@"
"""
# One line in, one line out: the container's only process but for what it measures.
LOOP = 'while read -r f; do sh "$f" </dev/null >/work/output 2>&1; echo "$?"; done'


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that is served, with what it must be when it has arrived."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The folder that host and container share, the server's ports by profile and scheme."""

    folder: Path
    nginx: Nginx
    ports: Mapping[tuple[str, str], int]
    pid: int
    line: IO[str]
    answer: IO[str]
    debian: bool

    @property
    def out(self) -> Path:
        """The folder that the contestants download to."""
        return self.folder / "out"

    def url(self, file: File, profile: str, scheme: str) -> str:
        """Return where the container asks for a file."""
        return f"{scheme}://localhost:{self.ports[profile, scheme]}/{file.name}"

    def run(self, command: str) -> float:
        """Run a line of sh in the container, in an empty folder; return its seconds.

        Raises RuntimeError with its output if it fails.
        """
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        (self.folder / "line").write_text(f"cd {SHARED}/out && {command}\n")
        began = time.perf_counter()
        self.line.write(f"{SHARED}/line\n")
        self.line.flush()
        status = self.answer.readline().strip()
        seconds = time.perf_counter() - began
        if status != "0":
            output = (self.folder / "output").read_text(errors="replace")[-400:]
            raise RuntimeError(f"{command}\nended with {status}: {output}")
        return seconds


@contextmanager
def ground(folder: Path, cache: Path, image: str) -> Iterator[Ground]:
    """Set everything up in `folder`; what was unpacked for it stays in `cache`."""
    program = find(cache / "nginx")
    if program is None:
        raise RuntimeError("there is no nginx, and none could be unpacked with apt")
    debian = unpacked(cache / "debian")
    server = folder / "server"
    server.mkdir()
    with (
        waiter() as port,
        listeners() as sockets,
        serving(program, server, configuration(server, sockets, port), [*sockets.values()]) as it,
        container(folder, cache / "debian", image, it.authority) as (pid, line, answer),
    ):
        ports = {key: listener.getsockname()[1] for key, listener in sockets.items()}
        yield Ground(
            folder=folder, nginx=it, ports=ports, pid=pid, line=line, answer=answer, debian=debian
        )


@contextmanager
def listeners() -> Iterator[dict[tuple[str, str], socket.socket]]:
    """Open a socket a profile and scheme. The kernel paces what is accepted from it.

    nginx's limit_rate would let a second's bytes through at once: small ranges would never wait.
    """
    found = {}
    try:
        for profile in (PLAIN, FAR, *RATES):
            for scheme in ("http", "https"):
                listener = socket.create_server((HOST, 0), backlog=511)
                if profile in RATES:
                    listener.setsockopt(socket.SOL_SOCKET, PACING, RATES[profile])
                listener.setblocking(False)  # noqa: FBT003 - nginx does not, of what it inherits
                found[profile, scheme] = listener
        yield found
    finally:
        for listener in found.values():
            listener.close()


def configuration(folder: Path, sockets: Mapping[tuple[str, str], socket.socket], port: int) -> str:
    """Return nginx's server blocks, one a profile."""
    blocks = []
    for profile in (PLAIN, FAR, *RATES):
        http, https = (sockets[profile, scheme].getsockname()[1] for scheme in ("http", "https"))
        rest = WAIT.format(host=HOST, port=port) if profile == FAR else ""
        blocks.append(SERVER.format(folder=folder, host=HOST, http=http, https=https, rest=rest))
    return "".join(blocks)


class _Late(socketserver.StreamRequestHandler):
    """Answers that the request may go on, late."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        time.sleep(DELAY)
        self.wfile.write(b"HTTP/1.0 204 No Content\r\n\r\n")


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def waiter() -> Iterator[int]:
    """Run what nginx asks before it answers in the FAR profile; give its port."""
    with _Threads((HOST, 0), _Late) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@contextmanager
def container(
    folder: Path, debian: Path, image: str, authority: bytes
) -> Iterator[tuple[int, IO[str], IO[str]]]:
    """Run the loop in a container; give its host's PID and both ends of its pipe."""
    (folder / "ca.pem").write_bytes(authority)
    foreign(folder / "debian", debian)
    name = f"emit-bench-{os.getpid()}"
    line = [DOCKER, "run", "-i", "--rm", "--init", "--network", "host", "--name", name]
    line += ["-v", f"{folder}:{SHARED}", "-v", f"{debian}:/debian:ro", "-u", owner()]
    with subprocess.Popen(
        [*line, image, "sh", "-c", f"echo ready; {LOOP}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            if not (process.stdin and process.stdout and process.stdout.readline()):
                raise RuntimeError(f"docker cannot run {image}")
            trust = f"cat {SHARED}/ca.pem >>/etc/ssl/cert.pem"
            docker("exec", "-u", "0", name, "sh", "-c", trust)
            pid = docker("inspect", "-f", "{{.State.Pid}}", name).stdout
            yield int(pid), process.stdin, process.stdout
        finally:
            docker("rm", "-f", name)


def unpacked(folder: Path) -> bool:
    """Unpack Debian's clients with all their libraries below `folder`, once; false without apt."""
    if (folder / "usr/bin/aria2c").exists():
        return True
    if shutil.which("apt-get") is None:
        folder.mkdir(parents=True, exist_ok=True)
        return False
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "partial").mkdir(parents=True)
    (folder / "status").touch()
    where = [f"Dir::State::status={folder}/status", f"Dir::Cache::archives={folder}"]
    options = [*where, "APT::Install-Recommends=false", "Debug::NoLocking=1"]
    apt = ["apt-get", "-qq", "-y", *(word for option in options for word in ("-o", option))]
    subprocess.run([*apt, "--download-only", "install", *PACKAGES], check=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        package.unlink()
    return True


def foreign(script: Path, debian: Path) -> None:
    """Write the script that starts what is unpacked below `debian`, wherever its loader is."""
    for loader in debian.glob("**/ld-linux-*.so.*"):
        if not loader.is_symlink():
            inside = Path("/debian") / loader.relative_to(debian)
            triplet = loader.parent.name
            libraries = f"/debian/lib/{triplet}:/debian/usr/lib/{triplet}"
            script.write_text(FOREIGN.format(loader=inside, libraries=libraries))
            script.chmod(0o755)


def random_file(www: Path, size: int) -> File:
    """Write SIZE bytes that do not repeat within a MiB, the same ones each time."""
    name = f"{size >> 20}M"
    digest = hashlib.sha256()
    block = bytearray(random.Random(size).randbytes(1 << 20))  # noqa: S311 - the same bytes
    with (www / name).open("wb") as stream:
        for number in range(size >> 20):
            block[:8] = number.to_bytes(8)
            digest.update(block)
            stream.write(block)
        os.fsync(stream.fileno())  # what is still to be written would slow the contestants down
    return File(name=name, size=size, sha256=digest.hexdigest())


def archive(www: Path, size: int) -> File:
    """Write a .tar.gz of about SIZE bytes whose members pack to about a half."""
    chance = random.Random(1)  # noqa: S311 - the same bytes
    words = [f"{chance.getrandbits(40):x}" for _ in range(5000)]
    text = www / "text"
    with text.open("w") as stream:
        for _ in range(size // 45_000):
            stream.write(" ".join(chance.choices(words, k=8182)) + "\n")
    file = www / "tree.tar.gz"
    with tarfile.open(file, "w:gz", compresslevel=1) as packed:
        packed.add(text, "text")
    text.unlink()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return File(name=file.name, size=file.stat().st_size, sha256=digest)
