"""Every combination of rget.sh's features, and where the shells are that read them."""

import shutil
from functools import cache
from itertools import combinations
from pathlib import Path

from emit.compose import compose
from emit.render import render
from emit.rget import FEATURES, LEAN, TEMPLATE, RgetPlan, plan_rget

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "golden"

#: The variants that have a name of their own.
NAMED = {"lean": LEAN, "all": tuple(FEATURES)}

COMBINATIONS = [
    features for size in range(len(FEATURES) + 1) for features in combinations(FEATURES, size)
]

#: Command lines that read a script for its syntax only, of those installed here.
READERS = [
    [*command, "-n"]
    for command in (["sh"], ["dash"], ["busybox", "ash"], ["bash"], ["mksh"], ["yash"])
    if shutil.which(command[0])
]


def plan_of(features: tuple[str, ...]) -> RgetPlan:
    """Return the plan with exactly these features."""
    return plan_rget(without={*FEATURES} - {*features})


@cache
def script_of(features: tuple[str, ...]) -> str:
    """Return the script with exactly these features, unchecked."""
    return render(TEMPLATE, plan_of(features).values())


@cache
def minified(features: tuple[str, ...]) -> str:
    """Return the short form of the script with exactly these features."""
    plan = plan_of(features)
    return compose(TEMPLATE, plan.values(), short=plan.title)


def name_of(features: tuple[str, ...]) -> str:
    """Return a name for pytest's list."""
    return "-".join(features) or "core"
