"""The books -> findings: who wastes what, which command to change, and how. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from emit.layers.history import Command
from emit.layers.ledger import How, Inode, Ledger
from emit.layers.scan import Entry
from emit.layers.waste import BY_NAME, is_secret, rule_of
from emit.layers.weigh import Weight, weigh
from emit.plain import plain

_PATHS = 5
_COPIES = ("COPY", "ADD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason for bytes: layers are numbered from 1, as people count.

    `layer` stored them; `killed_by` took them out of sight, or stored them again (rule
    `duplicate`), or is None where they are in sight (the rules of emit.layers.waste).
    """

    rule: str
    bytes: int
    files: int
    layer: int
    killed_by: int | None
    what: str
    paths: tuple[Weight, ...]
    hint: str
    base: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A file that by its name is a secret; `removed_by` does not take it out of its layer."""

    path: str
    layer: int
    removed_by: int | None


@dataclass(slots=True, kw_only=True)
class _Group:
    bytes: int = 0
    changed: str = ""
    items: list[tuple[str, int]]

    def add(self, path: str, size: int, changed: str = "") -> None:
        self.bytes += size
        self.items.append((path, size))
        if changed:
            words = {*self.changed.split(" and "), *changed.split(" and ")} - {""}
            self.changed = " and ".join(sorted(words - {"time"} or words))


_Key = tuple[str, int, int | None]
_Booked = tuple[str, int, int | None, str, int]  # a key, path and bytes


def find(ledger: Ledger, commands: Sequence[Command], base: int) -> tuple[Finding, ...]:
    """Return all findings, biggest first, those that only the base image can mend last."""
    groups: dict[_Key, _Group] = defaultdict(lambda: _Group(items=[]))
    for one in ledger.losses:
        groups[(one.how.value, one.layer, one.killer)].add(one.path, one.size, one.changed)
    visible = list(ledger.in_sight())
    for rule, layer, killer, path, size in (*_known(visible), *_duplicates(visible)):
        groups[(rule, layer, killer)].add(path, size)
    found = [_finding(key, group, commands, base) for key, group in groups.items()]
    return tuple(sorted(found, key=_order))


def _order(one: Finding) -> tuple[bool, int, str, int, int]:
    return one.base, -one.bytes, one.rule, one.layer, one.killed_by or 0


def _known(visible: Iterable[tuple[str, Inode]]) -> Iterator[_Booked]:
    for path, inode in visible:
        rule = rule_of(path)
        if rule:
            yield rule, inode.layer, None, path, inode.size


def _duplicates(visible: Iterable[tuple[str, Inode]]) -> Iterator[_Booked]:
    """Yield each file in sight whose bytes an earlier one (by layer, then path) has too."""
    first: dict[tuple[bytes, int], Inode] = {}
    for path, inode in sorted(visible, key=lambda place: (place[1].layer, place[0])):
        known = first.setdefault((inode.print, inode.size), inode)
        if known is not inode:
            yield "duplicate", known.layer, inode.layer, path, inode.size


def _finding(key: _Key, group: _Group, commands: Sequence[Command], base: int) -> Finding:
    rule, layer, killer = key
    culprit = layer if killer is None else killer
    stored_by_base = layer < base
    return Finding(
        rule=rule,
        bytes=group.bytes,
        files=len(group.items),
        layer=layer + 1,
        killed_by=None if killer is None else killer + 1,
        what=_what(rule, group.changed, layer, same=killer == layer),
        paths=weigh(group.items, _PATHS),
        hint=_hint(rule, group.changed, commands[layer], stored_by_base=stored_by_base),
        base=culprit < base,
    )


def _what(rule: str, changed: str, layer: int, *, same: bool) -> str:
    """Say what the command does."""
    if rule in BY_NAME:
        return f"leaves {BY_NAME[rule].what}"
    if same:
        return "stores the same bytes twice" if rule == "duplicate" else "stores files twice"
    stored = f"what layer {layer + 1} stored"
    return {
        "duplicate": f"stores again {stored}",
        How.REWRITTEN: f"rewrites {stored}, to change only the {changed}",
        How.OVERWRITTEN: f"overwrites {stored}",
        How.MOVED: f"moves {stored}, which makes a copy",
        How.REMOVED: f"removes {stored}",
    }[rule]


def _hint(rule: str, changed: str, storer: Command, *, stored_by_base: bool) -> str:
    if rule in BY_NAME:
        return BY_NAME[rule].cure
    copied = storer.keyword in _COPIES
    bind = "RUN --mount=type=bind instead of copying it, a builder stage, or .dockerignore"
    made = "remove it in the RUN that made it, or make it in a builder stage"
    cures = {
        "duplicate": "store it once and link to it (ln -s)",
        How.OVERWRITTEN: "store the last version only: join the two, or leave it out of the first",
        How.MOVED: "put it in its final place at once, or move it in the RUN that made it",
        How.REMOVED: bind if copied else made,
    }
    if stored_by_base and rule != "duplicate":
        return "it comes with the base image: choose a base without it, or leave it as it is"
    return cures.get(rule) or _rewriting(changed, copied=copied)


def _rewriting(changed: str, *, copied: bool) -> str:
    flags = {"owner": "--chown=USER:GROUP", "mode": "--chmod=MODE"}
    wanted = " ".join(flag for word, flag in flags.items() if word in changed)
    if wanted and copied:
        return f"COPY {wanted} sets it as the files are stored"
    if wanted:
        return "do it in the RUN that made the files"
    return "store it once: the second command brings the same bytes"


def secrets(layers: Iterable[Iterable[Entry]], ledger: Ledger) -> tuple[Secret, ...]:
    """Return the secrets in all layers, seen or removed later."""
    killers = {(one.path, one.layer): one.killer for one in ledger.losses}
    return tuple(
        Secret(
            path=plain(f"/{entry.path}"),
            layer=index + 1,
            removed_by=_plus_one(killers.get((entry.path, index))),
        )
        for index, entries in enumerate(layers)
        for entry in entries
        if entry.size and is_secret(entry.path)
    )


def _plus_one(index: int | None) -> int | None:
    return None if index is None else index + 1
