"""Draw docs/layers.svg and docs/layers.png: what `emit layers` says of an image full of waste.

PYTHONPATH=. python tools/layers_picture.py     (needs Docker and Chromium)
"""

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from picture import without_web_fonts
from rich.console import Console
from rich.text import Text

from emit.dockerfile.load import load_graph
from emit.layers import terminal
from emit.layers.locate import locate
from emit.layers.page import page
from emit.layers.report import examine
from emit.layers.source import read_image
from integration.browser import browsing, find
from integration.containers import docker
from integration.test_layers import PLANTED, SIZE

ROOT = Path(__file__).parent.parent
NAME = "emit-layers-example:1"
COLUMNS = 110


def main() -> None:
    """Build the image, ask emit, keep both pictures; raises what the runs raise."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "src").mkdir()
        (folder / "src/model").write_bytes(os.urandom(SIZE))
        (folder / "Dockerfile").write_text(PLANTED)
        docker("build", "--network", "host", "--provenance=false", "-t", NAME, name, timeout=300)
        try:
            draw(folder)
        finally:
            docker("image", "rm", "-f", NAME)


def draw(folder: Path) -> None:
    """Write the terminal's picture, then the page's."""
    image = read_image(NAME, told=lambda _: None)
    graph = load_graph(str(folder / "Dockerfile"))
    named = replace(graph, dockerfile=replace(graph.dockerfile, file="Dockerfile"))
    places = locate([layer.command for layer in image.layers], named, named.stages[-1])
    examined = examine(NAME, image, base=1, places=places)
    console = Console(record=True, width=COLUMNS, file=sys.stderr)
    console.print(Text(f"$ emit layers {NAME} -f Dockerfile --top 5", style="bold"))
    text = terminal.draw(examined.report, [], top=5, width=COLUMNS, colour=True)
    console.print(Text.from_ansi(text), highlight=False)
    svg = console.export_svg(title="why is this image big?")
    (ROOT / "docs/layers.svg").write_text(without_web_fonts(svg))
    place = folder / "page.html"
    place.write_text(page(examined.report, None, examined.ledger, []))
    program = find()
    if program is None:
        sys.exit("there is no chromium: see integration/programs-up")
    with browsing(program, folder) as browser:
        browser.open(place.as_uri(), width=1100, height=1320)
        browser.screenshot(ROOT / "docs/layers.png")


if __name__ == "__main__":
    main()
