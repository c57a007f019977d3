"""The page of `emit layers --html` in a real Chromium: looked at, clicked, searched, sorted.

EMIT_SCREENSHOTS=FOLDER keeps the pictures.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from emit.cli import cli
from integration.browser import Page, browsing, find
from integration.conftest import unavailable
from tests.layers.images import Made, Step, file, laid_out
from tests.layers.planted import planted

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>&amp;\u2028"
SHOTS = os.environ.get("EMIT_SCREENSHOTS")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = find()
    if program is None:
        unavailable("there is no chromium: see integration/programs-up")
    with browsing(program, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the planted image's page."""
    return write(tmp_path_factory.mktemp("page"), planted(), "--max-size", "1GB")


def write(folder: Path, made: Made, *options: str, older: Made | None = None) -> str:
    names = []
    for name, one in (("older", older), ("image", made)):
        if one is not None:
            (folder / f"{name}.tar").write_bytes(laid_out(one, "oci"))
            names.append(str(folder / f"{name}.tar"))
    place = folder / "image.html"
    done = CliRunner().invoke(cli, ["layers", *names, "-o", str(place), *options])
    assert done.exit_code == 0, done.stderr
    return place.as_uri()


@pytest.fixture
def page(browser: Page, html: str) -> Iterator[Page]:
    """The page as it opens; at its end nothing went wrong and nothing was fetched."""
    browser.requests.clear()
    browser.errors.clear()
    browser.open(html)
    yield browser
    assert browser.errors == []
    assert {url.partition(":")[0] for url in browser.requests} <= {"file", "about"}


def shot(page: Page, name: str) -> bytes:
    return page.screenshot(Path(SHOTS) / f"{name}.png" if SHOTS else None)


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.run(
        f"[...document.querySelectorAll({selector!r})].map((one) => one.innerText)"
    )
    return found


def test_the_answer_stands_at_the_top(page: Page) -> None:
    assert texts(page, "#numbers b") == ["1.50 MB", "1.50 MB", "600 kB", "60 %", "21"]
    shown = texts(page, "#findings li:not([hidden])")
    assert len(shown) == 3
    assert shown[0].startswith("200 kB")
    assert "→ " in shown[0]
    assert texts(page, "#budgets li") == ["✓ --max-size 1.00 GB: 1.50 MB"]
    assert texts(page, "#secrets li")[0].startswith("/root/.npmrc in layer 9; layer 10")
    page.click("#findings button")
    assert len(texts(page, "#findings li:not([hidden])")) == 5


def test_the_map_shows_every_file_by_its_bytes(page: Page) -> None:
    areas = page.run(
        "[...document.querySelectorAll('.cell[data-file]')].map((cell) =>"
        " [cell.dataset.file, cell.clientWidth * cell.clientHeight])"
    )
    area = dict(areas)
    assert {"/data/blob", "/app/a", "/opt/one/lib", "/var/cache/apk/APKINDEX.tar.gz"} <= set(area)
    assert area["/opt/one/lib"] == pytest.approx(area["/opt/two/lib"], rel=0.1)
    assert area["/opt/one/lib"] == pytest.approx(2 * area["/data/blob"], rel=0.2)
    colours = page.run(
        "new Set([...document.querySelectorAll('.cell[data-file]')].map("
        "(cell) => cell.style.background)).size"
    )
    assert colours == 5, "a colour a layer; the first has too little to be seen"
    outside = page.run(
        "[...document.querySelectorAll('#tree .cell')].filter((cell) => { const b ="
        " cell.getBoundingClientRect(), t = cell.parentElement.getBoundingClientRect(); return"
        " b.right > t.right + 1 || b.bottom > t.bottom + 1 || b.left < t.left - 1; }).length"
    )
    assert outside == 0


def test_a_click_zooms_in_and_back_leads_out(page: Page) -> None:
    before = shot(page, "page")
    page.click('.cell[data-path="/opt/"]')
    page.until("document.querySelector('#trail').innerText.includes('opt/')")
    files = page.run("[...document.querySelectorAll('.cell[data-file]')].map(c => c.dataset.file)")
    assert sorted(files) == ["/opt/one/lib", "/opt/two/lib"]
    assert shot(page, "zoomed") != before
    page.click('.cell[data-path="/opt/one/"]')
    page.until("document.querySelector('#trail').innerText.includes('one/')")
    page.run("history.back()")
    page.until("!document.querySelector('#trail').innerText.includes('one/')")
    page.click("#trail button")
    page.until("document.querySelector('.cell[data-file=\"/data/blob\"]') !== null")


def test_search_counts_and_marks_what_it_finds(page: Page) -> None:
    page.click("#search")
    page.type("LIB")
    page.until("document.querySelector('#hits').innerText === '2 files, 400 kB'")
    assert page.run("document.querySelectorAll('.cell.hit').length") == 2
    assert page.run("document.querySelectorAll('.cell.dim').length") > 2
    shot(page, "search")


def test_the_wasted_bytes_have_a_map_too(page: Page) -> None:
    page.click('button[data-view="wasted"]')
    files = page.run("[...document.querySelectorAll('.cell[data-file]')].map(c => c.title)")
    assert any(text.startswith("/data/blob\n200 kB\nlayer 2, gone in layer 3") for text in files)
    assert not any("/opt/" in text for text in files)
    shot(page, "wasted")


def test_the_table_is_sorted_by_each_head(page: Page) -> None:
    def numbers() -> list[str]:
        return texts(page, "#layers tbody td:first-child")

    assert numbers() == [str(number) for number in range(1, 11)]
    page.click('th[data-key="stored"] button')
    assert numbers()[-1] == "5", "the layer without bytes is last"
    page.click('th[data-key="stored"] button')
    assert numbers()[0] == "5"
    page.click('th[data-key="command"] button')
    commands = texts(page, "#layers pre")
    assert commands == sorted(commands, key=str.lower)


def test_a_layer_is_picked_out_in_the_map(page: Page) -> None:
    page.click("#layers tbody tr:nth-child(9) button")
    page.until("document.querySelector('#hits').innerText === '1 file, 200 kB'")
    bright = page.run(
        "[...document.querySelectorAll('.cell[data-file]:not(.dim)')].map(c => c.dataset.file)"
    )
    assert bright == ["/opt/one/lib"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1240])
def test_it_fits_a_telephone_and_the_dark(page: Page, html: str, width: int, scheme: str) -> None:
    page.open(html, width=width, scheme=scheme)
    assert page.run("document.documentElement.scrollWidth") <= width
    ground = page.run("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert page.run("document.querySelectorAll('.cell[data-file]').length") > 5
    shot(page, f"{scheme}-{width}")


def test_a_hostile_image_is_text_on_the_page(page: Page, tmp_path: Path) -> None:
    members = [file(f"{part}/{HOSTILE}", 5000) for part in ("tmp", "a", HOSTILE.replace("/", ""))]
    made = Made(steps=[Step(by=f"RUN {HOSTILE}", members=members)], tag=HOSTILE)
    page.open(write(tmp_path, made))
    assert page.run("document.querySelectorAll('img, #tree script, #layers script').length") == 0
    assert page.run("document.scripts.length") == 2
    assert texts(page, "#layers pre")[0].startswith("RUN <img src=x onerror=alert(1)></script>")
    page.click(".cell.folder")
    page.until("document.querySelectorAll('#trail button').length > 1")


def test_a_comparison_is_on_the_newer_ones_page(page: Page, tmp_path: Path) -> None:
    newer = planted()
    newer.steps = [*newer.steps, Step(by="COPY new /new", members=[file("new", 70_000)])]
    page.open(write(tmp_path, newer, older=planted()))
    assert "70.0 kB bigger than" in texts(page, "#comparison h2")[0]
    assert texts(page, "#comparison li")[0].startswith("+70.0 kB")
    assert "COPY new /new" in texts(page, "#comparison li")[0]


def test_an_empty_image_has_a_page(page: Page, tmp_path: Path) -> None:
    page.open(write(tmp_path, Made(steps=[])))
    assert texts(page, "#tree .empty") == ["No bytes here."]
    assert texts(page, "#findings li") == ["Nothing to gain."]
