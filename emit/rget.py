"""The plan of rget.sh: which features, hence which functions, options and settings. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from emit import __version__
from emit.errors import UsageError

TEMPLATE = "rget.sh.j2"

#: The script's sizes, in bytes: the request that is the probe, the largest derived block.
FIRST = 2 << 20
LARGEST = 64 << 20

#: The functions that every variant has: lib/rget/core/NAME.sh.
CORE = (
    "say",
    "die",
    "size",
    "number",
    "address",
    "stop",
    "clean",
    "refuse",
    "locate",
    "inspect",
    "layout",
    "hire",
    "home",
    "seed",
    "came",
    "try",
    "take",
    "work",
    "pass",
    "insist",
)

#: What a feature brings: lib/rget/FEATURE/NAME.sh, in place of the core's NAME if it has one.
FEATURES: dict[str, tuple[str, ...]] = {
    "digest": ("expect",),
    "headers": ("header",),
    "mirrors": ("home", "insist"),
    "portable": (),
    "progress": ("show",),
    "stream": ("take",),
}

#: What several features share: lib/rget/direct/NAME.sh, a client that follows no redirect.
DIRECT = ("seed", "came", "guard", "raw", "pass")
_WITH_DIRECT = {"headers", "portable"}

#: What both of these and `progress` share: lib/rget/waiting/NAME.sh.
WAITING = ("second",)

#: The base of --lean.
LEAN = ("digest",)

#: Where each function stands in the script; `main` is last.
ORDER = (
    "say",
    "die",
    "size",
    "number",
    "expect",
    "header",
    "address",
    "stop",
    "clean",
    "refuse",
    "locate",
    "inspect",
    "layout",
    "hire",
    "seed",
    "came",
    "second",
    "guard",
    "raw",
    "home",
    "try",
    "take",
    "work",
    "show",
    "pass",
    "insist",
)

# The colon at its head: getopts leaves the message to us, and the letter in OPTARG.
_CORE_OPTIONS = ":u:o:P:b:t:T:xqvVhk"
_FEATURE_OPTIONS = {"digest": "s:", "headers": "H:"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RgetPlan:
    """Everything that decides the bytes of one rget.sh.

    `options` is what getopts gets; `functions` are paths below lib/ in the script's order.
    """

    version: str
    features: tuple[str, ...]
    options: str
    functions: tuple[str, ...]
    first: int
    largest: int
    minify: bool

    @property
    def title(self) -> str:
        """One line that says what this variant is, for the head of a minified script."""
        chosen = "all" if self.features == tuple(FEATURES) else " ".join(self.features)
        return f"emit rget {self.version}: {chosen or 'core'}"

    def values(self) -> dict[str, object]:
        """Return what the template may name: the settings, and one boolean a feature."""
        return {
            "version": self.version,
            "options": self.options,
            "functions": self.functions,
            "first": self.first,
            "largest": self.largest,
            "direct": _has_direct(self.features),
            **{name: name in self.features for name in FEATURES},
        }


def plan_rget(
    *,
    lean: bool = False,
    with_: Collection[str] = (),
    without: Collection[str] = (),
    minify: bool = False,
) -> RgetPlan:
    """Choose the features: all or the lean base, plus `with_`, minus `without`.

    Raises UsageError on a feature that does not exist and on one that is asked for both ways.
    """
    _check_names(with_, without)
    base = LEAN if lean else FEATURES
    features = tuple(sorted({*base, *with_} - {*without}))
    return RgetPlan(
        version=__version__,
        features=features,
        options=_CORE_OPTIONS + "".join(_FEATURE_OPTIONS.get(name, "") for name in features),
        functions=_functions(features),
        first=FIRST,
        largest=LARGEST,
        minify=minify,
    )


def _check_names(with_: Collection[str], without: Collection[str]) -> None:
    for name in (*with_, *without):
        if name not in FEATURES:
            raise UsageError(_unknown(name))
    both = sorted({*with_} & {*without})
    if both:
        raise UsageError(f"--with {both[0]} and --without {both[0]} contradict: give one of them")


def _unknown(name: str) -> str:
    near = get_close_matches(name, FEATURES, n=1, cutoff=0.4)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"no feature {name!r}: {guess}there are {', '.join(FEATURES)}"


def _has_direct(features: Collection[str]) -> bool:
    return not _WITH_DIRECT.isdisjoint(features)


def _functions(features: Collection[str]) -> tuple[str, ...]:
    """Give each function its path: the core's, unless a chosen feature replaces it."""
    owner = dict.fromkeys(CORE, "core")
    if _has_direct(features):
        owner.update(dict.fromkeys(DIRECT, "direct"))
    if _has_direct(features) or "progress" in features:
        owner.update(dict.fromkeys(WAITING, "waiting"))
    owner.update((name, feature) for feature in features for name in FEATURES[feature])
    return tuple(f"rget/{owner[name]}/{name}.sh" for name in ORDER if name in owner)
