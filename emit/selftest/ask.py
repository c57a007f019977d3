"""What a script is asked for in a case: its URLs, its digest, its environment."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emit.selftest.case import REFUSED, SECRET, Case
from emit.selftest.content import big_piece, body

if TYPE_CHECKING:
    from emit.selftest.journal import Site

_NOWHERE = "http://127.0.0.1:1/f"
_PIECE = 1 << 20


def source(case: Case, site: Site, path: str) -> str:
    """Return the URL of one of the case's paths; a proxy is asked for a host that is none."""
    if path == REFUSED:
        return _NOWHERE
    url = site.url(path.format(size=case.size) if "{size}" in path else path)
    host = urlsplit(url).netloc
    return url.replace(host, "files.invalid", 1) if case.proxy else url


def digest(case: Case) -> str:
    """Return the sha256 that -s names: of the file that is right, unless the case tells another."""
    if case.big:
        sha256 = hashlib.sha256()
        for start in range(0, case.size, _PIECE):
            sha256.update(big_piece(start, min(case.size, start + _PIECE)))
        return sha256.hexdigest()
    seed = next(iter(case.right), "") if case.digest is None else case.digest
    return hashlib.sha256(body(case.size, seed)).hexdigest()


def environment(case: Case, site: Site, *, command: bool) -> dict[str, str]:
    """Return what is set for the script, and for a command what it is to fetch."""
    if not command:
        return _proxied(case, site)
    first, *others = [source(case, site, path) for path in case.paths]
    given = {
        "URL": first,
        "OUT": case.out,
        "MIRROR": others[0] if others else "",
        "DIGEST": digest(case),
        "HEADER": f"Authorization: {SECRET}" if case.secret else "",
    }
    return given | _proxied(case, site)


def _proxied(case: Case, site: Site) -> dict[str, str]:
    return {"http_proxy": f"http://{urlsplit(site.url('/')).netloc}"} if case.proxy else {}
