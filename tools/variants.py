"""Write every variant of the scripts into a folder: tools/variants.py [--quick] FOLDER.

All combinations of the features as `rget-A-B.sh`, the named ones first, and as `*.min.sh`
the short form of the named ones; what `emit fetch` writes for each kind of asset, for two
and for all of them, as `get-A-B.sh`; all forms that `emit cache` writes, as `build-N.sh`.
--quick: the named ones, and all kinds at once. The first variant that breaks a rule of the
house stops it, with all that is wrong with it on stderr.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, count, product
from pathlib import Path

from emit.assets.config import parse_config
from emit.assets.lockfile import Pin
from emit.assets.spec import Asset
from emit.cache import script
from emit.cache.plan import plan_cache
from emit.cache.wanted import Wanted
from emit.check import check
from emit.dockerfile import parse
from emit.dockerfile.stages import stage_graph
from emit.errors import EmitError
from emit.fetch import TEMPLATE as FETCH
from emit.fetch import plan_fetch
from emit.minify import minify
from emit.render import render
from emit.rget import FEATURES, LEAN, TEMPLATE, plan_rget

NAMED = (LEAN, tuple(FEATURES))
#: An asset of each kind that the template of `emit fetch` tells apart.
KINDS = """\
[asset.plain]
url = "https://example.com/plain"
install = "/usr/bin/plain"

[asset.tried]
url = "https://example.com/{arch}/tried"
install = "/usr/bin/tried"
test = "tried --version"

[asset.packed]
url = "https://example.com/packed.gz"
unpack = true
install = "/usr/bin/packed"

[asset.member]
url = "https://example.com/member.tar.gz"
unpack = "bin/member"
install = "/usr/bin/member"

[asset.tree]
url = "https://example.com/tree.zip"
unpack = true
into = "/opt/tree"

[asset.private]
github = "o/private"
version = "v1"
file = "private"
install = "/usr/bin/private"
secret = "token"
"""


def write_variants(folder: Path, *, quick: bool) -> None:
    """Write the scripts; raises SystemExit where one of them breaks a rule."""
    for name, text in chain(_rgets(quick=quick), _fetches(quick=quick), _builds()):
        (folder / name).write_text(text, encoding="utf-8")
        findings = check(text, minified=name.endswith(".min.sh"))
        if findings:
            sys.exit("\n".join(f"{name}: {finding}" for finding in findings))


def _subsets(names: Sequence[str], sizes: Iterable[int]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in sizes)


def _rgets(*, quick: bool) -> Iterator[tuple[str, str]]:
    for features in chain(
        NAMED, () if quick else _subsets(tuple(FEATURES), range(len(FEATURES) + 1))
    ):
        plan = plan_rget(without={*FEATURES} - {*features})
        name = "-".join(("rget", *features))
        text = render(TEMPLATE, plan.values())
        yield f"{name}.sh", text
        if features in NAMED:
            yield f"{name}.min.sh", minify(text, plan.title)


def _fetches(*, quick: bool) -> Iterator[tuple[str, str]]:
    assets = parse_config(KINDS, Path("emit.toml")).assets
    for names in _subsets(tuple(assets), (len(assets),) if quick else (1, 2, len(assets))):
        plan = plan_fetch([(assets[name], _pins(assets[name])) for name in names])
        yield "-".join(("get", *names)) + ".sh", render(FETCH, plan.values())


def _pins(asset: Asset) -> list[Pin]:
    """Return what emit.lock could have of it: one platform in blocks, another in one piece."""
    digest, block = "0" * 64, 4 << 20
    return [
        Pin(
            name=asset.name,
            platform=platform,
            request=asset.request(platform),
            file=asset.pattern(platform),
            url=f"https://example.com/{asset.pattern(platform)}",
            size=5 * block,
            sha256=digest,
            members=("bin/member",) if asset.name == "member" else (),
            block=0 if number else block,
            blocks=() if number else (digest,) * 5,
        )
        for number, (platform, _) in enumerate(asset.files)
    ]


def _builds() -> Iterator[tuple[str, str]]:
    """Yield the script of each combination of what its template asks for."""
    numbers = count()
    first = ("FROM x AS a\nFROM a AS b\n", "FROM x\nFROM x AS b\nCOPY --from=0 / /\n", "")
    leaf, last = ("FROM x AS test\n", ""), ("FROM x AS app\n", "FROM x\n")
    for top, middle, end, args in product(first, leaf, last, ((), ("A=1", "B"))):
        base = end.replace("x", "b") if top else end
        for targets in ((), ("test",)) if middle else ((),):
            graph = stage_graph(parse(f"{top}{middle}{base}"))
            names = (*targets, str(graph.stages[-1].index)) if targets else ()
            wanted = Wanted(image="example.com/app", targets=names, build_args=args)
            text = render(script.TEMPLATE, script.values(plan_cache(graph, wanted), me="build.sh"))
            yield f"build-{next(numbers)}.sh", text


if __name__ == "__main__":
    try:
        write_variants(Path(sys.argv[-1]), quick="--quick" in sys.argv)
    except EmitError as error:
        sys.exit(f"variants: {error}")
