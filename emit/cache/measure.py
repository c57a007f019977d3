"""Which way to keep the cache is the fastest for this Dockerfile? All, on empty machines."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from emit.cache.machine import machine, missing
from emit.cache.plan import CachePlan
from emit.cache.script import TEMPLATE, values
from emit.compose import compose
from emit.errors import ToolError, UsageError
from emit.external import logged

WAYS = (
    ("overlay2", "none"),
    ("overlay2", "inline"),
    ("overlay2", "local"),
    ("overlay2", "push-pull"),
    ("containerd", "none"),
    ("containerd", "registry"),
    ("containerd", "local"),
)
_SCOPE = "emit-measure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Seconds on a first machine and on others that only have its cache; or why it failed."""

    store: str
    cache: str
    first: float = 0.0
    next: float = 0.0
    error: str = ""


def measure(
    plan: CachePlan,
    *,
    change: str,
    runs: int,
    told: Callable[[str], None],
    ways: Sequence[tuple[str, str]] = WAYS,
) -> list[Trial]:
    """Try every way; `change` is a file of the context that gets a line end more, or empty.

    Pushes to the plan's own image, under the tag and the branch emit-measure. Raises ToolError
    where no engine can be started, UsageError where there is no such file.
    """
    reason = missing()
    if reason:
        raise ToolError(f"--measure: {reason}")
    with tempfile.TemporaryDirectory(prefix="emit-measure-") as name:
        folder = Path(name)
        changed = _changed(plan, change, folder)
        images = _saved(plan.images, folder / "images.tar")
        found: list[Trial] = []
        for store, cache in ways:
            if cache != "push-pull" or not plan.classic:
                try:
                    trial = _try(store, cache, (plan, changed), images, folder, runs)
                except ToolError as error:
                    if not found:  # what fails without any cache fails with each
                        raise
                    trial = Trial(store=store, cache=cache, error=str(error))
                told(_words(trial))
                found.append(trial)
        return found


def _try(
    store: str,
    cache: str,
    plans: tuple[CachePlan, CachePlan],
    images: Path | None,
    folder: Path,
    runs: int,
) -> Trial:
    kept = f"local:{folder / store}" if cache == "local" else cache
    first = _run(store, kept, plans[0], images, folder)
    later = [_run(store, kept, plans[1], images, folder) for _ in range(runs)]
    return Trial(store=store, cache=cache, first=first, next=statistics.median(later))


def _run(store: str, cache: str, plan: CachePlan, images: Path | None, folder: Path) -> float:
    """Return the seconds of one build on a machine that is empty but for the base images."""
    script = folder / "build.sh"
    script.write_text(compose(TEMPLATE, values(plan, me="build.sh")), encoding="utf-8")
    env = {"CACHE": cache, "BRANCH": _SCOPE, "FALLBACK": _SCOPE, "TAG": _SCOPE}
    with machine(store, images) as made:
        began = time.monotonic()
        status, log = made.run(["sh", str(script)], env=env, folder=".")
        seconds = time.monotonic() - began
    if status:
        last = next((line for line in reversed(log.splitlines()) if line.strip()), "nothing")
        raise ToolError(f"CACHE={cache} in {store} exits {status}: {last}")
    if "cannot push the cache" in log or "ERROR: error writing" in log:
        raise ToolError(f"the cache could not be pushed to {plan.image}")
    return seconds


def _changed(plan: CachePlan, change: str, folder: Path) -> CachePlan:
    """Return the plan on a copy of the context in which a file has changed."""
    if not change:
        return plan
    copy = folder / "context"
    shutil.copytree(plan.context, copy, symlinks=True)
    file = copy / change
    if not file.is_file() or copy not in file.resolve().parents:
        raise UsageError(f"--change {change!r} is no file of the context {plan.context}")
    with file.open("ab") as stream:
        stream.write(b"\n")
    return replace(plan, context=str(copy))


def _saved(names: Iterable[str], file: Path) -> Path | None:
    """Save the base images that the usual engine has, so that no time is spent on pulling them."""
    here = [
        name
        for name in names
        if logged(["docker", "image", "inspect", name], env={}, folder=".")[0] == 0
    ]
    if not here or logged(["docker", "save", "-o", str(file), *here], env={}, folder=".")[0]:
        return None
    return file


def table(trials: list[Trial]) -> Iterator[str]:
    """Yield the lines of a table, and the answer."""
    yield f"{'STORE':12}{'CACHE':11}{'FIRST MACHINE':>14}{'NEXT MACHINE':>14}"
    for trial in trials:
        seconds = f"{trial.first:12.1f} s{trial.next:12.1f} s"
        yield f"{trial.store:12}{trial.cache:11}" + (f"  {trial.error}" if trial.error else seconds)
    yield ""
    done = [trial for trial in trials if not trial.error]
    if not done:
        yield "none of them worked"
        return
    best = min(done, key=lambda trial: trial.next)
    plain = [trial.next for trial in done if trial.cache == "none"]
    if best.cache == "none":
        yield "no cache is the fastest: fetching it takes longer than building"
    else:
        saved = f", {min(plain) - best.next:.1f} s less than without" if plain else ""
        yield f"{best.cache} in {best.store} is the fastest: {best.next:.1f} s{saved}"


def _words(trial: Trial) -> str:
    """Say what came of one, as it is done."""
    came = trial.error or f"{trial.first:.1f} s, then {trial.next:.1f} s"
    return f"{trial.store}, {trial.cache}: {came}"
