"""What is merged builds to the same files and the same config, or fails as before.

The cases are in merges/, with the number of merges that each allows in its head. Those in
build/ become the stages of one file, so that the engine builds all of them at once; those in
fail/ do not build, before and after; those in image/ have a config that is compared too.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emit.dockerfile import parse, validate
from emit.dockerfile.stages import stage_graph
from emit.dockerfile.text import decode, encode
from emit.merge import MergePlan, plan_merge
from integration.builds import BuildError

if TYPE_CHECKING:
    from integration.images import Engine, Entry

FOLDER = Path(__file__).parent / "merges"
CASES = sorted(FOLDER.glob("*/*.Dockerfile"))
BUILD = sorted(FOLDER.glob("build/*.Dockerfile"))
FAIL = sorted(FOLDER.glob("fail/*.Dockerfile"))
IMAGE = sorted(FOLDER.glob("image/*.Dockerfile"))
SLIM = """\
FROM alpine:3.20 AS slim
RUN rm -f /lib/libcrypto.so.3 /lib/libssl.so.3 /sbin/apk
"""  # the largest files: there is a copy of all for each case
MODES = pytest.mark.parametrize("wrap", [False, True], ids=["safe", "wrap"])


def plan(text: str, *, wrap: bool) -> MergePlan:
    dockerfile = parse(text)
    validate(dockerfile)
    return plan_merge(stage_graph(dockerfile), wrap=wrap, metadata=True)


def promised(case: Path, *, wrap: bool) -> int:
    """Return how many merges a case says it allows."""
    found = re.search(r"^# merges: (\d+) safe, (\d+) wrapped\r?$", text(case), re.MULTILINE)
    assert found
    return int(found[1 + wrap])


def text(case: Path) -> str:
    return decode(case.read_bytes())


@MODES
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_is_merged_as_far_as_it_says(case: Path, *, wrap: bool) -> None:
    assert plan(text(case), wrap=wrap).merges == promised(case, wrap=wrap)


def together() -> str:
    """Return one Dockerfile with a stage for each case, and one that has the files of all."""
    stages = [
        text(case).replace("FROM alpine:3.20\n", f"FROM slim AS case-{number}\n")
        for number, case in enumerate(BUILD)
    ]
    copies = [f"COPY --from=case-{n} / /{case.stem}/\n" for n, case in enumerate(BUILD)]
    return "\n".join([SLIM, *stages, "FROM scratch\n" + "".join(copies)])


@pytest.fixture(scope="session")
def whole(engine: Engine) -> dict[str, Entry]:
    """The files of all cases as they stand."""
    return engine.export(encode(together()))


@MODES
def test_the_files_stay_the_same(engine: Engine, whole: dict[str, Entry], *, wrap: bool) -> None:
    merged = plan(together(), wrap=wrap)
    assert merged.merges == sum(promised(case, wrap=wrap) for case in BUILD)
    files = engine.export(encode(merged.text))
    different = {name for name in {*files, *whole} if files.get(name) != whole.get(name)}
    assert sorted(different) == []
    assert "26-or/second" in files


def test_the_config_of_each_stays_the_same(engine: Engine) -> None:
    pairs = [
        (case, merged)
        for case in BUILD
        for merged in {plan(text(case), wrap=wrap).text for wrap in (False, True)} - {text(case)}
    ]
    texts = {*(text(case) for case, _ in pairs), *(merged for _, merged in pairs)}
    with ThreadPoolExecutor(4) as pool:
        images = dict(zip(texts, pool.map(engine.build, map(encode, texts)), strict=True))
        configs = dict(
            zip(texts, pool.map(lambda t: config(engine, images[t]), texts), strict=True)
        )
    assert len(pairs) > len(BUILD) / 2
    assert [case.stem for case, merged in pairs if configs[merged] != configs[text(case)]] == []


def config(engine: Engine, image: str) -> object:
    return engine.image(image)["Config"]


@MODES
@pytest.mark.parametrize("case", FAIL, ids=lambda case: case.stem)
def test_what_fails_goes_on_failing(engine: Engine, case: Path, *, wrap: bool) -> None:
    merged = plan(text(case), wrap=wrap)
    for each in {text(case), merged.text}:
        with pytest.raises(BuildError, match="did not complete successfully"):
            engine.export(encode(each))


@pytest.mark.parametrize("case", IMAGE, ids=lambda case: case.stem)
def test_the_config_stays_the_same(engine: Engine, case: Path) -> None:
    before = engine.build(case.read_bytes())
    for merged in {plan(text(case), wrap=wrap).text for wrap in (False, True)} - {text(case)}:
        after = engine.build(encode(merged))
        assert engine.image(after)["Config"] == engine.image(before)["Config"]
        assert engine.files(after) == engine.files(before)


def test_a_layer_less_is_a_layer_less(engine: Engine) -> None:
    case = FOLDER / "image" / "32-crlf.Dockerfile"
    merged = plan(text(case), wrap=False)
    layers = [
        len(engine.image(engine.build(encode(each)))["RootFS"]["Layers"])
        for each in (text(case), merged.text)
    ]
    assert layers[0] - layers[1] == merged.layers[0].before - merged.layers[0].after == 2
