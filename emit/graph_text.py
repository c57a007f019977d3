"""A plan of boxes and arrows -> text, Mermaid, DOT."""

from collections.abc import Iterable

from emit.graph import Arrow, Box, GraphPlan

_VERBS = {"from": "from", "copy": "copies", "mount": "mounts"}
_MERMAID = {"from": "-->", "copy": "-. copy .->", "mount": "-. mount .->"}
_STYLES = {"from": "solid", "copy": "dashed", "mount": "dotted"}


def as_text(plan: GraphPlan) -> str:
    """Return the stages step by step, then what the target does not need, then the notes."""
    stages = [box for box in plan.boxes if not box.image]
    needed = [box for box in stages if box.needed]
    width = max(len(box.title) for box in stages)
    steps = "1 step" if plan.steps == 1 else f"{plan.steps} steps"
    lines = [f"{plan.file}: {plan.target} needs {len(needed)} of {len(stages)} stages, in {steps}"]
    for step in range(1, plan.steps + 1):
        lines += _rows(plan, f"step {step}", width, (b for b in needed if b.step == step))
    others = [box for box in stages if not box.needed]
    if others:
        lines += ["", f"not built for {plan.target}"]
        lines += _rows(plan, "", width, others)
    if plan.notes:
        lines += ["", *(f"{plan.file}:{note.line}: {note.text}" for note in plan.notes)]
    return "\n".join(lines) + "\n"


def _rows(plan: GraphPlan, head: str, width: int, boxes: Iterable[Box]) -> list[str]:
    rows = []
    for box in sorted(boxes, key=lambda box: box.line):
        mark = "*" if box.target else " "
        rows.append(f"{head:8}{mark} {box.title:{width}}  {_takes(plan, box)}".rstrip())
        head = ""
    return rows


def _takes(plan: GraphPlan, box: Box) -> str:
    titles = {each.id: each.title for each in plan.boxes}
    arrows = [arrow for arrow in plan.arrows if arrow.end == box.id]
    parts = [] if any(arrow.kind == "from" for arrow in arrows) else ["from scratch"]
    for kind, verb in _VERBS.items():
        names = [
            titles[arrow.start] + (" (ONBUILD)" if arrow.onbuild else "")
            for arrow in arrows
            if arrow.kind == kind
        ]
        if names:
            parts.append(f"{verb} {', '.join(names)}")
    return "; ".join(parts)


def as_mermaid(plan: GraphPlan) -> str:
    """Return a flowchart for https://mermaid.js.org, which GitHub draws."""
    lines = ["flowchart LR"]
    for box in plan.boxes:
        title = _entities(box.title)
        if box.image:
            lines.append(f'    {box.id}(["{title}"])')
        else:
            lines.append(f'    {box.id}["<b>{title}</b><br/>{_entities(box.detail)}"]')
    lines += [f"    {arrow.start} {_mermaid(arrow)} {arrow.end}" for arrow in plan.arrows]
    lines += [
        "    classDef image fill:#fff7e0,stroke:#b58900,color:#5c4500",
        "    classDef stage fill:#e8f0fe,stroke:#3367d6,color:#12305e",
        "    classDef target fill:#3367d6,stroke:#12305e,color:#fff",
        "    classDef spare fill:#f4f4f4,stroke:#999,color:#666,stroke-dasharray:4 3",
    ]
    for name, ids in _classes(plan).items():
        if ids:
            lines.append(f"    class {','.join(ids)} {name}")
    return "\n".join(lines) + "\n"


def _mermaid(arrow: Arrow) -> str:
    if arrow.onbuild:
        return f"-. ONBUILD {arrow.kind} .->"
    return _MERMAID[arrow.kind]


def _entities(text: str) -> str:
    for char, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(char, entity)
    return text


def _classes(plan: GraphPlan) -> dict[str, list[str]]:
    classes: dict[str, list[str]] = {"image": [], "stage": [], "target": [], "spare": []}
    for box in plan.boxes:
        classes[kind(box)].append(box.id)
    return classes


def kind(box: Box) -> str:
    """Return how a box is drawn: `target`, `spare` where nobody needs it, `image`, `stage`."""
    if box.target:
        return "target"
    if not box.needed:
        return "spare"
    return "image" if box.image else "stage"


def as_dot(plan: GraphPlan) -> str:
    """Return a graph for https://graphviz.org."""
    lines = [
        "digraph stages {",
        "\trankdir=LR",
        '\tnode [shape=box, style="rounded,filled", fillcolor="#e8f0fe", color="#3367d6"]',
    ]
    for box in plan.boxes:
        label = box.title if box.image else f"{box.title}\n{box.detail}"
        style = {
            "image": ', fillcolor="#fff7e0", color="#b58900"',
            "spare": ', fillcolor="#f4f4f4", color="#999999", fontcolor="#666666"',
            "target": ', fillcolor="#3367d6", fontcolor="white"',
            "stage": "",
        }[kind(box)]
        lines.append(f"\t{box.id} [label={_quoted(label)}{style}]")
    for arrow in plan.arrows:
        label = f', label="ONBUILD {arrow.kind}"' if arrow.onbuild else ""
        colour = "" if arrow.needed else ', color="#999999"'
        lines.append(f"\t{arrow.start} -> {arrow.end} [style={_STYLES[arrow.kind]}{label}{colour}]")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
