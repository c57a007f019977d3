"""Write every variant of rget.sh and build.sh into a folder: tools/variants.py [--quick] FOLDER.

All combinations of the features as `rget-A-B.sh`, the named ones first, and as `*.min.sh`
the short form of the named ones; `build-N.sh` are all forms that `emit cache` writes.
--quick: the named ones only. The first variant that
breaks a rule of the house stops it, with all that is wrong with it on stderr.
"""

import sys
from collections.abc import Iterator
from itertools import chain, combinations, product
from pathlib import Path

from emit.cache import script
from emit.cache.plan import Wanted, plan_cache
from emit.check import check
from emit.dockerfile import parse
from emit.dockerfile.stages import stage_graph
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
            _require(name, text, minified=suffix == ".min.sh")
    for number, text in enumerate(_builds()):
        name = f"build-{number}.sh"
        (folder / name).write_text(text, encoding="utf-8")
        _require(name, text)


def _require(name: str, text: str, *, minified: bool = False) -> None:
    findings = check(text, minified=minified)
    if findings:
        sys.exit("\n".join(f"{name}: {finding}" for finding in findings))


def _builds() -> Iterator[str]:
    """Yield the script of each combination of what its template asks for."""
    first = ("FROM x AS a\nFROM a AS b\n", "FROM x\nFROM x AS b\nCOPY --from=0 / /\n", "")
    leaf, last = ("FROM x AS test\n", ""), ("FROM x AS app\n", "FROM x\n")
    for top, middle, end, args in product(first, leaf, last, ((), ("A=1", "B"))):
        base = end.replace("x", "b") if top else end
        for targets in ((), ("test",)) if middle else ((),):
            graph = stage_graph(parse(f"{top}{middle}{base}"))
            names = (*targets, str(graph.stages[-1].index)) if targets else ()
            wanted = Wanted(image="example.com/app", targets=names, build_args=args)
            yield render(script.TEMPLATE, script.values(plan_cache(graph, wanted), me="build.sh"))


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
