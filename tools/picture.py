"""Draw docs/download.svg: what `make run` prints, as a terminal shows it.

python tools/picture.py     (needs Docker, and rich: the group `docs`)
"""

import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
COLUMNS = 100
RANGES = 5


def main() -> None:
    """Run the demonstration and keep its picture; raises what the run raises."""
    run = subprocess.run(
        [sys.executable, "-m", "integration.demo"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    console = Console(record=True, width=COLUMNS, file=sys.stderr)
    console.print(Text("$ make run", style="bold"))
    for line in abridged(run.stdout.splitlines()):
        console.print(styled(line), highlight=False)
    svg = console.export_svg(title="rget.sh in a stock alpine:3.20")
    (ROOT / "docs/download.svg").write_text(without_web_fonts(svg))


def abridged(lines: list[str]) -> list[str]:
    """Shorten digests, and the list of requests to its first few."""
    requests = [line for line in lines if line.startswith("  GET")]
    rest = [line for line in lines if line not in requests]
    left = len(requests) - RANGES
    shown = [*rest, *requests[:RANGES], f"  … and {left} more"]
    return [re.sub(r"([0-9a-f]{12})[0-9a-f]{52}", r"\1…", line) for line in shown]


def styled(line: str) -> Text:
    """Give commands, the script's own lines and the server's log a look of their own."""
    if line.startswith("$"):
        return Text(line, style="bold")
    if line.startswith("rget.sh:"):
        return Text(line, style="green")
    return Text(line, style="dim" if line.startswith("  ") else "")


def without_web_fonts(svg: str) -> str:
    """Drop the fonts that the picture would load from elsewhere."""
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    main()
