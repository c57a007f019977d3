"""What the obvious way gets wrong, beside ours: the reason for this project.

EMIT_ANCESTOR=/path/to/rget.sh runs the real ancestor too.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from emit.selftest.container import SHARED
from emit.selftest.content import body
from integration.nginx import file_digest

if TYPE_CHECKING:
    from emit.selftest.journal import Site
    from emit.selftest.place import Place, Run
    from integration.nginx import Nginx
    from integration.rget import Rget

SIZE = 300_000
ANCESTOR = os.environ.get("EMIT_ANCESTOR", "")
NAIVE = ["naive.sh", *(["ancestor.sh"] if ANCESTOR else [])]


def naively(place: Place, script: str, url: str) -> Run:
    if script == "ancestor.sh":
        shutil.copy(ANCESTOR, place.shared / script)
    argv = ["sh", f"{SHARED}/{script}", "-o", "f", "-u", url, "-P", "4"]
    return place.run(argv, timeout=200)


@pytest.mark.releases("3.12", "3.20")
@pytest.mark.parametrize("script", NAIVE)
def test_both_are_right_on_a_good_server(rget: Rget, site: Site, script: str) -> None:
    url = site.url(f"/file/{SIZE}")
    assert naively(rget.place, script, url).status == 0
    assert (rget.place.out / "f").read_bytes() == body(SIZE)
    rget.fetches(body(SIZE), "-u", url, "-P", "4")


@pytest.mark.releases("3.12", "3.20")
@pytest.mark.parametrize("script", NAIVE)
def test_without_ranges_the_naive_way_gives_wrong_bytes_and_status_0(
    rget: Rget, site: Site, script: str
) -> None:
    url = site.url(f"/noranges/{SIZE}")
    assert naively(rget.place, script, url).status == 0
    assert (rget.place.out / "f").read_bytes() != body(SIZE)
    rget.fetches(body(SIZE), "-u", url, "-P", "4")


@pytest.mark.releases("3.20")
@pytest.mark.parametrize("script", NAIVE)
def test_beyond_2_gib_the_naive_way_fails(rget: Rget, nginx: Nginx, big: str, script: str) -> None:
    """Ours is right there: test_big.py."""
    naively(rget.place, script, nginx.url("/big"))
    assert file_digest(rget.place.out / "f") != big
