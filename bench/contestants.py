"""The lines of sh that compete: each fetches one URL to the file `f`."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from bench.contest import Contestant
from emit.selftest.container import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEBIAN = f"{SHARED}/debian /debian/usr/bin"
CA = f"{SHARED}/ca.pem"
ALL = (
    *("rget.sh", "wget", "curl", "aria2c -x4", "aria2c -x8", "aria2c -x16"),
    *("axel -n4", "GNU wget", "naive.sh -P4", "ancestor -P4"),
)
CHECKED = ("rget.sh", "get.sh", "wget, sha256sum", "aria2c -x4", "aria2c -x8", "aria2c -x16")
_FOREIGN = ("curl", "aria2c", "axel", "GNU")


def commands(url: str, sha256: str, *, check: bool) -> dict[str, str]:
    """Return what downloads a URL, by name; with `check` only what verifies it too.

    aria2c gets the pieces and the file without preallocation, with which it is fastest.
    """
    to, sum_ = f"-o f {quote(url)}", f"-s sha256:{sha256}" if check else ""
    aria = f"{DEBIAN}/aria2c -q --no-conf --ca-certificate={CA} --file-allocation=none -k1M"
    aria += f" --checksum=sha-256={sha256}" if check else ""
    found = {
        f"rget.sh{more}": f"sh {SHARED}/rget.sh -q -u {quote(url)} -o f {sum_}{more}"
        for more in ("", *(f" -P{n}" for n in (1, 2, 4, 8, 16, 32, 64)))
    }
    found |= {f"aria2c -x{n}": f"{aria} -x{n} -s{n} {to}" for n in (4, 8, 16)}
    if check:
        verified = f'echo "{sha256}  f" | sha256sum -c -s'
        found["wget, sha256sum"] = f"wget -q -O f {quote(url)} && {verified}"
        found["get.sh"] = f"sh {SHARED}/get.sh -q -r . && mv big f"
        return found
    found["wget"] = f"wget -q -O f {quote(url)}"
    found["curl"] = f"{DEBIAN}/curl -fsS --cacert {CA} {to}"
    found["GNU wget"] = f"{DEBIAN}/wget -q --no-config --ca-certificate={CA} -O f {quote(url)}"
    axel = f"{DEBIAN}/axel -q -k"  # it does not find the name in the certificate
    found |= {f"axel -n{n}": f"{axel} -n{n} {to}" for n in (4, 16)}
    for name, flag in (("naive.sh", "-P4"), ("ancestor", "-P4"), ("ancestor", "-P16")):
        found[f"{name} {flag}"] = f"sh {SHARED}/{name} -u {quote(url)} {flag} -o f"
    return found


def unpacking(url: str, sha256: str, local: str) -> list[Contestant]:
    """Return streaming into tar, beside each half of it alone."""
    fetched = commands(url, sha256, check=False)
    rget = f"sh {SHARED}/rget.sh -q -u {quote(url)} -o -"
    return [
        Contestant(name="rget.sh, into tar xz", command=f"{rget} | tar xz", leaves=False),
        Contestant(
            name="rget.sh -s, into tar xz",
            command=f"{rget} -s sha256:{sha256} | tar xz",
            leaves=False,
        ),
        Contestant(
            name="wget, into tar xz", command=f"wget -q -O - {quote(url)} | tar xz", leaves=False
        ),
        Contestant(name="tar xz of a file", command=f"tar xz <{local}", leaves=False),
        Contestant(name="rget.sh to a file", command=fetched["rget.sh"]),
    ]


def choose(lines: dict[str, str], names: Iterable[str], absent: Sequence[str]) -> list[Contestant]:
    """Return those that are named and here; `absent` are the first words of the others."""
    return [
        Contestant(name=name, command=lines[name])
        for name in names
        if not name.startswith(tuple(absent))
    ]


def absent(*, debian: bool, ancestor: bool) -> tuple[str, ...]:
    """Return the names of those who cannot compete."""
    return (() if debian else _FOREIGN) + (() if ancestor else ("ancestor",))
