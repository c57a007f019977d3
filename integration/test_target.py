"""A slice builds to the image that `docker build --target` makes of the whole file.

Images are the same when their config is and the digests of their layers are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emit.dockerfile.load import load_graph
from emit.dockerfile.text import encode
from emit.target import plan_target

if TYPE_CHECKING:
    from integration.images import Engine

FOLDER = Path(__file__).parent / "dockerfiles"
FILES = sorted(FOLDER.glob("*.Dockerfile"))


def same(engine: Engine, file: Path, *options: str, platform: str | None = None) -> int:
    """Build each stage both ways, compare, and return how many there were."""
    whole, graph = file.read_bytes(), load_graph(str(file), platform=platform)
    last = graph.stages[-1]
    named = sorted({last.name, *(stage.name for stage in graph.stages if stage.name)})
    for name in named:
        sliced = plan_target(
            load_graph(str(file), platform=platform, target=name), name or str(last.index)
        )
        ours = engine.build(encode(sliced.text), *options)
        theirs = engine.build(whole, *options, *(["--target", name] if name else []))
        assert engine.image(ours) == engine.image(theirs), (file.name, name)
    return len(named)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_stage_builds_to_the_same_image(engine: Engine, file: Path) -> None:
    assert same(engine, file) >= 1


@pytest.mark.usefixtures("platforms")
def test_a_stage_that_the_platform_chooses_is_the_same_elsewhere(engine: Engine) -> None:
    file = FOLDER / "platforms.Dockerfile"
    options = ["--platform", "linux/arm64"]
    assert same(engine, file, *options, platform="linux/arm64") == 4


def test_what_stays_is_less_than_the_whole() -> None:
    shorter = [
        (file.stem, len(encode(plan_target(graph, str(stage.index)).text)) < file.stat().st_size)
        for file in FILES
        for graph in [load_graph(str(file))]
        for stage in graph.stages[:-1]
    ]
    assert [name for name, less in shorter if not less] == []
