"""The plan -> the sh script: its template and what that may name."""

from textwrap import shorten

from emit.cache.plan import CachePlan

TEMPLATE = "cache.sh.j2"

_WIDTH = 72  # columns that a line of the head has left
_FUNCTIONS = (
    *(
        "say",
        "die",
        "run",
        "clean",
        "slug",
        "ref",
        "from",
        "store",
        "engine",
        "able",
        "choose",
        "pull",
        "recall",
        "save",
    ),
    *("by_registry", "by_folder", "by_inline", "by_images", "run_build"),
    *("together", "share", "leaf", "inner", "image"),
)


def values(plan: CachePlan, *, me: str) -> dict[str, object]:
    """Return what the template may name; `me` is what the script calls itself."""
    unused = () if plan.inner else ("inner",) if plan.leaves else ("inner", "leaf")
    return {
        "me": me,
        "contents": _contents(plan),
        "version": plan.version,
        "image": plan.image,
        "tag": plan.tag,
        "cache": plan.cache,
        "branch": plan.branch,
        "file": plan.file,
        "context": plan.context,
        "stages": " ".join(plan.stages),
        "classic": plan.classic,
        "metadata": plan.metadata,
        "functions": [f"cache/{name}.sh" for name in _FUNCTIONS if name not in unused],
        "several": len(plan.targets) > 1,
        "unnamed": plan.unnamed,
        "last": plan.last,
        "options": options(plan),
        "inner": plan.inner,
        "leaves": plan.leaves,
        "targets": plan.targets,
    }


def options(plan: CachePlan) -> list[tuple[str, str]]:
    """Return the options of every build, as docker takes them."""
    return [
        *(("--build-arg", value) for value in plan.build_args),
        *(("--secret", value) for value in plan.secrets),
        *((("--platform", plan.platforms),) if plan.platforms else ()),
        *((("--network", plan.network),) if plan.network else ()),
    ]


def _contents(plan: CachePlan) -> list[str]:
    kinds = (
        ("inner", ", ".join(" ".join(group) for group in plan.inner)),
        ("leaf", " ".join(plan.leaves)),
        ("image", " ".join(plan.targets)),
    )
    return [
        f"{kind:6} {shorten(names, _WIDTH - 7, placeholder=' ...')}"
        for kind, names in kinds
        if names
    ]
