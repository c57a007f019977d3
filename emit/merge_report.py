"""What was merged and what was not -> text."""

from emit.merge import MergePlan

_COST = "a merged RUN or COPY is one cache key: a change of any part runs all of it again"


def explain(plan: MergePlan) -> str:
    """Return a line for each pair of neighbours: merged, or why not; then the layers."""
    rows = [
        (
            f"{plan.file}:{decision.line}+{decision.other}",
            decision.keyword,
            ("merged: " if decision.merged else "kept apart: ") + decision.reason,
        )
        for decision in plan.decisions
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    lines = [f"{place:{widths[0]}}  {keyword:{widths[1]}}  {why}" for place, keyword, why in rows]
    return "\n".join([*lines, summary(plan)]) + "\n"


def summary(plan: MergePlan) -> str:
    """Return what the merges save and what they cost, in one line."""
    if not plan.merges:
        return f"{plan.file}: nothing to merge"
    count = "1 merge" if plan.merges == 1 else f"{plan.merges} merges"
    what = [count, *_layers(plan)]
    if any(decision.merged and decision.keyword in {"RUN", "COPY"} for decision in plan.decisions):
        what.append(_COST)
    if plan.assumed_shell:
        what.append("the base image is taken to have no SHELL of its own")
    return f"{plan.file}: {'; '.join(what)}"


def _layers(plan: MergePlan) -> list[str]:
    """Return what becomes of the last stage that changes, and how many others do."""
    changed = [row for row in plan.layers if row.before != row.after]
    if not changed:
        return []
    last, others = changed[-1], len(changed) - 1
    more = f" (and {others} more stages)" if others > 1 else " (and 1 more stage)" * others
    return [f"{last.stage} {last.before} layers -> {last.after}{more}"]
