"""Any size: 4.5 GB, sparse on the server's disk; small sizes are in test_bytes.py."""

from __future__ import annotations

from integration.nginx import Nginx, file_digest
from integration.rget import Rget, odd


def test_beyond_4_gib_is_right(rget: Rget, nginx: Nginx, big: str) -> None:
    run = rget.run("-u", nginx.url("/big"), "-P", "4", timeout=200)
    assert (run.status, odd(run.stderr), run.files) == (0, [], ["out/f"])
    assert file_digest(rget.place.out / "f") == big
