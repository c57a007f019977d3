import json
from pathlib import Path
from typing import Any

import pytest

from emit.layers import page as page_module
from emit.layers.ledger import keep_books
from emit.layers.page import embedded, page, tree
from emit.layers.report import examine
from emit.layers.source import read_image
from tests.layers.images import Made, Step, docker25, file, unpacked


def cell(nested: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        nested = next(one for one in nested["c"] if one["n"] == name)
    found: dict[str, Any] = nested
    return found


def test_folders_are_sums_and_the_biggest_comes_first() -> None:
    root = tree([("a/x", 5, 1, 0), ("a/b/y", 7, 2, 3), ("c", 9, 1, 0)], 0)
    assert (root["b"], root["f"]) == (21, 3)
    assert [one["n"] for one in root["c"]] == ["a", "c"]  # type: ignore[attr-defined]
    assert cell(root, "a")["b"] == 12
    assert cell(root, "a", "b", "y") == {"n": "y", "b": 7, "f": 1, "l": 2, "k": 3}


def test_what_is_small_is_drawn_together_layer_by_layer() -> None:
    items = [(f"a/{n}", 1, 1 + n % 2, 0) for n in range(10)] + [("a/big", 50, 1, 0)]
    root = tree([*items, ("b/c/d", 3, 4, 0)], 10)
    assert [(one["n"], one["b"], one["f"], one["l"]) for one in cell(root, "a")["c"]] == [
        ("big", 50, 1, 1),
        ("(5 small files)", 5, 5, 1),
        ("(5 small files)", 5, 5, 2),
    ]
    assert cell(root, "(1 small files)")["b"] == 3


def test_a_hostile_depth_is_drawn_together(tmp_path: Path) -> None:
    deep = "d/" * 2000 + "x"
    made = Made(steps=[Step(by="RUN x", members=[file(deep, 10), file("y", 10)])])
    place = unpacked(docker25(made), tmp_path)
    image = read_image(str(place), told=lambda _: None)
    examined = examine("x", image, base=None)
    assert "(1 small files)" in page(examined.report, None, examined.ledger, [])


def test_only_so_many_files_have_cells_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "_MOST", 3)
    made = Made(steps=[Step(by="RUN x", members=[file(f"f{n}", n) for n in range(1, 9)])])
    image = read_image(str(unpacked(docker25(made), tmp_path)), told=lambda _: None)
    examined = examine("x", image, base=None)
    assert sum(keep_books([image.layers[0].scan.entries]).stored) == 36
    data = json.loads(between(page(examined.report, None, examined.ledger, [])))
    assert data["least"] == 6
    names = [one["n"] for one in data["trees"]["visible"]["c"]]
    assert names == ["(5 small files)", "f8", "f7", "f6"]


def between(text: str) -> str:
    return text.partition('type="application/json">')[2].partition("</script>")[0]


def test_nothing_in_the_data_ends_its_element() -> None:
    data = {"a": "</script><!-- & \u2028 ü \udcff"}
    text = embedded(data)
    assert not set("<>&") & set(text)
    assert text.isascii()
    assert json.loads(text) == data


def test_the_page_loads_nothing(tmp_path: Path) -> None:
    image = read_image(str(unpacked(docker25(Made(steps=[])), tmp_path)), told=lambda _: None)
    examined = examine("x", image, base=None)
    text = page(examined.report, None, examined.ledger, [])
    assert "default-src 'none'" in text
    assert not [word for word in ("src=", "href=", "http:", "https:", "@import") if word in text]
    assert "/* page" not in text
