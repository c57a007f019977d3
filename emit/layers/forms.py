"""Which form a report takes, and a report in it."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from emit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emit.layers.budget import Verdict
    from emit.layers.compare import Comparison
    from emit.layers.report import Report

_SUFFIXES = {".json": "json", ".md": "md", ".html": "html", ".htm": "html"}


def form(flags: dict[str, bool], file: str) -> str:
    """Return json, md, html or text: the flag's, else that of FILE's ending."""
    given = [name for name, on in flags.items() if on]
    if len(given) > 1:
        raise UsageError(f"--{given[0]} and --{given[1]} contradict: give one of them")
    endings = [name for ending, name in _SUFFIXES.items() if file.lower().endswith(ending)]
    return (given or endings or ["text"])[0]


def as_json(report: "Report | Comparison", verdicts: "Iterable[Verdict]") -> str:
    """Return a report or a comparison, with its budgets, as JSON."""
    document = report.document() | {"budgets": [asdict(one) for one in verdicts]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
