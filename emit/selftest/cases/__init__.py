"""All the cases, in the order they are told."""

from fnmatch import fnmatchcase

from emit.errors import UsageError
from emit.selftest.case import Case
from emit.selftest.cases import bytes_, places, plain, streams, trouble

CASES = (*plain.CASES, *bytes_.CASES, *trouble.CASES, *places.CASES, *streams.CASES)
FIRST = CASES[0]  # a script that fails there is asked nothing more


def choose(patterns: tuple[str, ...], *, big: bool) -> tuple[Case, ...]:
    """Return the cases whose name one of the patterns matches; raises UsageError for none.

    The ones beyond 2 GiB come with `big`, or when they are named in full.
    """
    for pattern in patterns:
        if not any(fnmatchcase(case.name, pattern) for case in CASES):
            raise UsageError(f"no case is called {pattern}: --list has them all")
    return tuple(
        case
        for case in CASES
        if _chosen(case, patterns) and (big or not case.big or case.name in patterns)
    )


def _chosen(case: Case, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(case.name, pattern) for pattern in patterns)
