"""The ancestor's command line, and Go rget's, work unchanged."""

from __future__ import annotations

import pytest

from integration.conftest import SCRIPTS
from integration.rget import Rget
from integration.server import Site, body


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_ancestors_command_line_fetches_through_a_redirect(
    rget: Rget, site: Site, script: str
) -> None:
    """`sh rget.sh -o OUT -u URL -P 4`, in every form of the script."""
    url = site.url("/redirect/302/other/file/3000000")
    Rget(rget.alpine, script).fetches(body(3000000), "-u", url, "-P", "4")
