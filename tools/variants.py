"""Write every variant of rget.sh into a folder: tools/variants.py [--quick] FOLDER.

All combinations of the features as `rget-A-B.sh`, the named ones first, and as `*.min.sh`
the short form of the named ones. --quick: the named ones only. The first variant that
breaks a rule of the house stops it, with all that is wrong with it on stderr.
"""

import sys
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

from emit.check import check
from emit.errors import EmitError
from emit.minify import minify
from emit.render import render
from emit.rget import FEATURES, LEAN, TEMPLATE, plan_rget

NAMED = (LEAN, tuple(FEATURES))


def write_variants(folder: Path, *, quick: bool) -> None:
    """Write the scripts; raises SystemExit where one of them breaks a rule."""
    sizes = range(len(FEATURES) + 1)
    every = chain.from_iterable(combinations(FEATURES, size) for size in sizes)
    for features in chain(NAMED, () if quick else every):
        for suffix, text in _forms(features):
            name = "-".join(("rget", *features)) + suffix
            (folder / name).write_text(text, encoding="utf-8")
            findings = check(text, minified=suffix == ".min.sh")
            if findings:
                sys.exit("\n".join(f"{name}: {finding}" for finding in findings))


def _forms(features: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the suffix and the text of each form a variant is written in."""
    plan = plan_rget(without={*FEATURES} - {*features})
    text = render(TEMPLATE, plan.values())
    yield ".sh", text
    if features in NAMED:
        yield ".min.sh", minify(text, plan.title)


if __name__ == "__main__":
    try:
        write_variants(Path(sys.argv[-1]), quick="--quick" in sys.argv)
    except EmitError as error:
        sys.exit(f"variants: {error}")
