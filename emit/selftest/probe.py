"""What a script offers, found out by asking for it on a server that behaves."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from emit.external import TimeoutExpired
from emit.selftest.case import SECRET, Case
from emit.selftest.content import body
from emit.selftest.drive import Drive

if TYPE_CHECKING:
    from collections.abc import Callable

    from emit.selftest.journal import Site
    from emit.selftest.machine import Machine, Script
    from emit.selftest.place import Place, Run

_SIZE = 3000
_SECONDS = 30
_GOOD = Case(name="probe", guarantee=0, server="a good server", paths=("/file/{size}",), size=_SIZE)


def offers(script: Script, machine: Machine, sites: Callable[[], Site]) -> frozenset[str]:
    """Return the options that the script takes in this machine.

    It takes one that it fetches with, or fails with only after it has asked the server:
    a script that refuses an option does so at once. `-H` and `-x` must also have their
    effect, `-o -` must write to stdout, and a second `-u` must not replace the first.
    """
    if script.command:
        return script.offers()
    asked: dict[str, Callable[[], bool]] = {
        "-t": lambda: _takes(script, machine, sites(), "-t", "9"),
        "-T": lambda: _takes(script, machine, sites(), "-T", "9"),
        "-b": lambda: _takes(script, machine, sites(), "-b", "4096"),
        "-q": lambda: _takes(script, machine, sites(), "-q"),
        "-s": lambda: _takes(script, machine, sites(), "-s", f"sha256:{'0' * 64}"),
        "-x": lambda: _executes(script, machine, sites()),
        "-H": lambda: _shows(script, machine, sites()),
        "stdout": lambda: _streams(script, machine, sites()),
        "mirrors": lambda: _asks_first(script, machine, sites()),
    }
    found = {option for option, ask in asked.items() if ask()}
    return frozenset(found | ({"small disk"} if machine.container else set()))


def _run(
    script: Script, machine: Machine, site: Site, case: Case = _GOOD, *more: str
) -> tuple[Run | None, Place]:
    """Run it with an option more; a run that does not end is None."""
    place = machine.place("probe")
    drive = Drive(script=script, machine=machine, offers=frozenset(), deadline=_SECONDS)
    argv = machine.argv(script, place, [*drive.options(case, site), *more])
    try:
        return place.run(argv, timeout=_SECONDS), place
    except TimeoutExpired:
        return None, place


def _takes(script: Script, machine: Machine, site: Site, *option: str) -> bool:
    run, _ = _run(script, machine, site, _GOOD, *option)
    return run is None or run.status == 0 or bool(site.journal.exchanges)


def _executes(script: Script, machine: Machine, site: Site) -> bool:
    _, place = _run(script, machine, site, _GOOD, "-x")
    return os.access(place.out / "f", os.X_OK)


def _shows(script: Script, machine: Machine, site: Site) -> bool:
    _run(script, machine, site, replace(_GOOD, secret=True))
    return any(one.headers.get("authorization") == SECRET for one in site.journal.exchanges)


def _streams(script: Script, machine: Machine, site: Site) -> bool:
    run, _ = _run(script, machine, site, replace(_GOOD, out="-"))
    return run is not None and run.stdout == body(_SIZE)


def _asks_first(script: Script, machine: Machine, site: Site) -> bool:
    paths = ("/file/{size}", "/plain/{size}")
    run, _ = _run(script, machine, site, replace(_GOOD, paths=paths))
    return run is not None and any("/file/" in one.path for one in site.journal.exchanges)
