import itertools
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emit.errors import InputError
from emit.layers import ledger as ledger_module
from emit.layers.ledger import Ledger, keep_books
from emit.layers.scan import Entry, Room, scan
from tests.layers.images import F, file, folder, gone, link, opaque, symlink, tarball


def books(*layers: Sequence[F]) -> Ledger:
    return keep_books([scan(iter([tarball(members)]), Room()).entries for members in layers])


def tree(ledger: Ledger) -> dict[str, str | int]:
    return {
        path: node.inode.size if node.inode else node.kind for path, node in ledger.walk()
    }  # fmt: skip


def losses(ledger: Ledger) -> list[tuple[str, int, int, int, str]]:
    return sorted((one.path, one.size, one.layer, one.killer, one.how) for one in ledger.losses)


def test_layers_that_only_add_waste_nothing() -> None:
    ledger = books([file("a", 1), folder("d")], [file("d/b", 20)], [])
    assert tree(ledger) == {"a": 1, "d": "dir", "d/b": 20}
    assert (ledger.stored, ledger.files, ledger.losses) == ([1, 20, 0], [1, 1, 0], [])


SAME = b"the same bytes"


@pytest.mark.parametrize(
    ("layers", "left", "lost"),
    [
        ([[file("a", 5)], [gone("a")]], {}, [("a", 5, 0, 1, "removed")]),
        (
            [[file("d/a", 5), file("d/e/b", 6)], [gone("d")]],
            {},
            [("d/a", 5, 0, 1, "removed"), ("d/e/b", 6, 0, 1, "removed")],
        ),
        ([[file("d/a", 5)], [opaque("d")]], {"d": "dir"}, [("d/a", 5, 0, 1, "removed")]),
        (
            [[file("a", 5)], [file("a", b"other")]],
            {"a": 5},
            [("a", 5, 0, 1, "overwritten")],
        ),
        (
            [[file("a", SAME)], [file("a", SAME, mode=0o755)]],
            {"a": 14},
            [("a", 14, 0, 1, "rewritten")],
        ),
        (
            [[file("a", SAME)], [gone("a"), file("b", SAME)]],
            {"b": 14},
            [("a", 14, 0, 1, "moved")],
        ),
        (
            [[file("d/a", SAME)], [file("d/a", SAME), opaque("d")]],
            {"d": "dir", "d/a": 14},
            [("d/a", 14, 0, 1, "rewritten")],
        ),
        (
            [[file("d/a", 5), file("d/b", 6)], [file("d", 7)]],
            {"d": 7},
            [("d/a", 5, 0, 1, "removed"), ("d/b", 6, 0, 1, "removed")],
        ),
        ([[file("a", 5)], [folder("a")]], {"a": "dir"}, [("a", 5, 0, 1, "removed")]),
        (
            [[file("d/a", 5)], [file("d/a/b", 6)]],
            {"d": "dir", "d/a": "dir", "d/a/b": 6},
            [("d/a", 5, 0, 1, "removed")],
        ),
        ([[file("a", 5)], [symlink("a", "b")]], {"a": "symlink"}, [("a", 5, 0, 1, "overwritten")]),
        ([[file("a", 5), file("a", 5)]], {"a": 5}, [("a", 5, 0, 0, "rewritten")]),
        ([[file("a", 5), gone("a")]], {"a": 5}, []),
        ([[file("d/a", 5), opaque("d")]], {"d": "dir", "d/a": 5}, []),
        ([[file("a", 5)], [gone("b"), opaque("c"), gone("a/b")]], {"a": 5}, []),
        ([[file("a", 5)], [opaque("")]], {}, [("a", 5, 0, 1, "removed")]),
        ([[file("a", 5)], [folder("")]], {"a": 5}, []),
        ([[file("a", 0)], [gone("a")]], {}, []),
    ],
)
def test_what_is_taken_away_and_why(
    layers: list[list[F]], left: dict[str, str | int], lost: list[tuple[str, int, int, int, str]]
) -> None:
    ledger = books(*layers)
    assert tree(ledger) == left
    assert losses(ledger) == lost


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (F(path="a", data=SAME, uid=7), "owner"),
        (F(path="a", data=SAME, gid=7), "owner"),
        (F(path="a", data=SAME, mode=0o600), "mode"),
        (F(path="a", data=SAME, mode=0o600, gid=7), "owner and mode"),
        (F(path="a", data=SAME), "time"),
    ],
)
def test_a_rewrite_says_what_changed(new: F, changed: str) -> None:
    assert [one.changed for one in books([file("a", SAME)], [new]).losses] == [changed]


def test_bytes_live_while_a_hard_link_is_left() -> None:
    made = [file("a", 5), link("b", "a"), link("d/c", "b")]
    ledger = books(made, [gone("a")], [gone("b"), file("b", 6)])
    assert tree(ledger) == {"b": 6, "d": "dir", "d/c": 5}
    assert ledger.losses == []
    assert losses(books(made, [gone("a")], [gone("b")], [gone("d")])) == [
        ("d/c", 5, 0, 3, "removed")
    ]


def test_a_hard_link_is_what_it_links_to() -> None:
    ledger = books([symlink("a", "x"), link("b", "a")], [file("c", 3)], [link("d", "c")])
    kinds = {path: (node.kind, node.target) for path, node in ledger.walk()}
    assert kinds["b"] == ("symlink", "x")
    assert (kinds["d"], tree(ledger)["d"]) == (("file", ""), 3)


def test_a_file_replaced_by_a_link_to_itself_stays() -> None:
    ledger = books([file("a", 5)], [link("a", "a")])
    assert (tree(ledger), ledger.losses) == ({"a": 5}, [])


@pytest.mark.parametrize("target", ["nowhere", "d", "a/b", "gone"])
def test_a_hard_link_to_no_file_is_an_error(target: str) -> None:
    with pytest.raises(InputError, match=f"layer 2: the hard link 'l' leads to '{target}'"):
        books([file("a", 1), folder("d"), file("gone", 1)], [gone("gone"), link("l", target)])


@pytest.mark.parametrize("target", ["usr/lib", "/usr/lib", "./usr/../usr/lib", "../../usr/lib"])
def test_a_folder_is_reached_through_symbolic_links(target: str) -> None:
    ledger = books(
        [file("usr/lib/a", 5), symlink("lib", target)], [gone("lib/a"), file("lib/b", 6)]
    )
    assert tree(ledger) == {"lib": "symlink", "usr": "dir", "usr/lib": "dir", "usr/lib/b": 6}
    assert losses(ledger) == [("lib/a", 5, 0, 1, "removed")], "the path as the layer has it"


def test_a_listed_folder_replaces_a_symbolic_link() -> None:
    """As COPY --link does it, to its users' surprise."""
    made = [file("usr/lib/a", 5), symlink("lib", "usr/lib")]
    ledger = books(made, [folder("lib"), file("lib/b", 6)])
    assert tree(ledger)["lib/b"] == 6
    assert "usr/lib/b" not in tree(ledger)


def test_symbolic_links_that_go_round_are_an_error() -> None:
    with pytest.raises(InputError, match="too many symbolic links"):
        books([symlink("a", "b"), symlink("b", "a")], [file("a/c", 1)])


def test_links_that_lead_nowhere_for_long_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "_STEPS", 10_000)
    links = [symlink("a", "./" * 500 + "b"), symlink("b", "./" * 500), folder("c")]
    books(links, [file(f"a/{number}/x", 1) for number in range(9)])
    with pytest.raises(InputError, match="its links lead over more than 10000 folders"):
        books(links, [file(f"a/{number}/x", 1) for number in range(10)])


NAMES = st.sampled_from(["a", "b", "c"])
PATH = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
CONTENT = st.sampled_from([b"", b"x", b"yy", b"zzz"])
MEMBER = st.one_of(
    st.builds(file, PATH, CONTENT, st.sampled_from([0o644, 0o755])),
    st.builds(folder, PATH),
    st.builds(gone, PATH),
    st.builds(opaque, PATH),
)
LAYERS = st.lists(st.lists(MEMBER, max_size=6), max_size=5)


def hidden(paths: dict[str, int], entry: Entry) -> list[str]:
    below = [path for path in paths if path.startswith(entry.path + "/")]
    return below if entry.kind == "opaque" else [entry.path, *below]


def lay(paths: dict[str, int], entry: Entry) -> None:
    parts = entry.path.split("/")
    for parent in ("/".join(parts[:end]) for end in range(1, len(parts))):
        if paths.get(parent, -1) >= 0:
            del paths[parent]
        paths.setdefault(parent, -1)
    if entry.kind != "dir" or paths.get(entry.path) != -1:
        for path in hidden(paths, entry):
            paths.pop(path, None)
    paths[entry.path] = -1 if entry.kind == "dir" else entry.size


def naive(layers: Sequence[Sequence[Entry]]) -> dict[str, int]:
    """The final tree by plain path arithmetic: no tree, no links."""
    paths: dict[str, int] = {}
    for entries in layers:
        taken = [entry for entry in entries if entry.kind in ("whiteout", "opaque")]
        for path in itertools.chain.from_iterable(hidden(paths, entry) for entry in taken):
            paths.pop(path, None)
        for entry in entries:
            if entry not in taken:
                lay(paths, entry)
    return paths


@settings(max_examples=150, deadline=None)
@given(made=LAYERS)
@example(made=[[file("a", b"x"), opaque("a")], [gone("a"), file("a/b", b"yy")]])
def test_the_books_balance_and_the_tree_is_the_naive_one(made: list[list[F]]) -> None:
    layers = [scan(iter([tarball(members)]), Room()).entries for members in made]
    ledger = keep_books(layers)
    found = {path: node.inode.size if node.inode else -1 for path, node in ledger.walk()}
    assert found == naive(layers)
    visible = sum(size for size in found.values() if size > 0)
    assert sum(ledger.stored) == visible + sum(one.size for one in ledger.losses)
    for index in range(len(layers)):
        alive = sum(n.inode.size for _, n in ledger.walk() if n.inode and n.inode.layer == index)
        dead = sum(one.size for one in ledger.losses if one.layer == index)
        assert ledger.stored[index] == alive + dead
    assert all(one.layer <= one.killer for one in ledger.losses)


def test_a_big_tree_is_walked_without_recursion() -> None:
    deep = "/".join(itertools.repeat("d", 2000))
    ledger = books([file(deep, 1)], [gone("d")])
    assert [one.size for one in ledger.losses] == [1]


def test_unlisted_folders_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "_FOLDERS", 5)
    assert tree(books([file("a/b/c/d/e/f", 1)]))
    with pytest.raises(InputError, match="more than 5 folders that no layer lists"):
        books([file("a/b/c/d/e/f", 1)], [file("g/h", 1)])
