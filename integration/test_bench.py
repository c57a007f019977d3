"""The contest of `make bench` can be held, and what it writes is whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.usefixtures("docker_compose_file")  # which says why there is no Docker
def test_a_short_contest_weighs_and_times_everyone(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "bench.download", "--only", "small", "--runs", "1"]
    subprocess.run([*line, "-o", tmp_path], cwd=HERE.parent, check=True, timeout=90)
    (result,) = json.loads((tmp_path / "download.json").read_text())
    scores = {score["name"]: score for score in result["scores"]}
    assert {"rget.sh", "wget"} <= set(scores)
    assert [name for name, score in scores.items() if score["error"]] == []
    assert all(len(score["times"]) == 1 for score in scores.values())
    assert scores["wget"]["cost"]["requests"] == scores["rget.sh"]["cost"]["requests"] == 1
    assert scores["rget.sh"]["cost"]["cpu"] > 0
    assert "| 1 MiB, https: rget.sh | wget | 1.5 |" in (tmp_path / "download.md").read_text()
    assert (tmp_path / "download.svg").read_text().startswith("<?xml")
