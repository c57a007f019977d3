"""The plan -> what `--dry-run` prints: each stage and why, each way to keep the cache and when."""

from collections.abc import Sequence

from emit.cache.plan import CachePlan, Row


def explain(plan: CachePlan) -> str:
    """Return the text, ending in a newline."""
    rows = [("STAGE", "LINE", "IS", "WHY")]
    rows += [(row.name, str(row.line), row.kind, row.why) for row in _in_order(plan)]
    ways = [("CACHE", "CHOSEN BY auto ON", "WHAT IS KEPT, FOR A BRANCH"), *_ways(plan)]
    notes = [f"{plan.file}:{note.line}: {note.text}" for note in plan.notes]
    parts = [f"{plan.image}:{plan.tag} of {plan.file}", "", *_table(rows), "", *_table(ways)]
    return "\n".join([*parts, *(["", "No cache helps here:", *notes] if notes else [])]) + "\n"


def _in_order(plan: CachePlan) -> list[Row]:
    order = {name: number for number, name in enumerate(plan.stages)}
    return sorted(plan.rows, key=lambda row: order.get(row.name, len(order)))


def _ways(plan: CachePlan) -> list[tuple[str, str, str]]:
    refs = ", ".join(f"cache-{name}-BRANCH" for name in plan.ends)
    first = f"cache-{plan.stages[0]}-BRANCH"
    several = f"an image of each of {len(plan.stages)} stages: {first} ..."
    every = several if len(plan.stages) > 1 else f"the image, in {first}"
    classic = every if not plan.classic else f"cannot be: {plan.classic} needs BuildKit"
    return [
        ("registry", "containerd's store, a buildx builder", f"all layers, in {refs}"),
        ("inline", "the docker driver with overlay2", every),
        ("push-pull", "a docker without buildx", classic),
        ("local:DIR", "-", "all layers, or images by save and load, in DIR"),
    ]


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
