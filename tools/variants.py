"""Write every variant of rget.sh into a folder: tools/variants.py [--quick] FOLDER.

All combinations of the features as `rget-A-B.sh`, and as `*.min.sh` the minified form of
the named ones. --quick: the named ones only.
"""

import sys
from itertools import chain, combinations
from pathlib import Path

from emit.compose import compose
from emit.rget import FEATURES, LEAN, TEMPLATE, plan_rget


def write_variants(folder: Path, *, quick: bool) -> None:
    """Write the scripts; raises what emit raises when one of them breaks a rule."""
    named = (LEAN, tuple(FEATURES))
    sizes = range(len(FEATURES) + 1)
    every = chain.from_iterable(combinations(FEATURES, size) for size in sizes)
    for features in named if quick else every:
        _write(folder, features, minify=False)
    for features in named:
        _write(folder, features, minify=True)


def _write(folder: Path, features: tuple[str, ...], *, minify: bool) -> None:
    plan = plan_rget(without={*FEATURES} - {*features}, minify=minify)
    text = compose(TEMPLATE, plan.values(), short=plan.title if minify else None)
    name = "-".join(("rget", *features)) + (".min.sh" if minify else ".sh")
    (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_variants(Path(sys.argv[-1]), quick="--quick" in sys.argv)
