"""Who takes from whom, case by case as BuildKit resolves it."""

import pytest

from emit.dockerfile import parse, validate
from emit.dockerfile.load import parse_build_args
from emit.dockerfile.stages import StageGraph, stage_graph
from emit.dockerfile.variables import parse_platform, settings
from emit.errors import DockerfileError, UsageError


def graph(
    text: str, *, platform: str = "linux/amd64", target: str = "", **build_args: str
) -> StageGraph:
    dockerfile = parse(text)
    validate(dockerfile)
    return stage_graph(
        dockerfile, settings(build_args=build_args, platform=platform, target=target)
    )


def uses(found: StageGraph, index: int = -1) -> list[int | str]:
    """Return what a stage takes from, the image or stage that it is made from first."""
    return [use.image if use.stage is None else use.stage for use in found.stages[index].uses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # FROM: the nearest earlier stage, spelled as its lower-cased name
        ("FROM a AS b\nFROM b", [0]),
        ("FROM a AS B\nFROM B", ["B"]),
        ("FROM a AS B\nFROM b", [0]),
        ("FROM a AS x\nFROM b AS x\nFROM x", [1]),
        ("FROM a\nFROM 0", ["0"]),
        ("FROM x\nFROM a AS x", ["a"]),
        # COPY --from: the last stage of the name in any case, or a number
        ("FROM a AS x\nFROM b AS x\nFROM c\nCOPY --from=X . .", ["c", 1]),
        ("FROM a\nFROM b\nCOPY --from=0 . .", ["b", 0]),
        ("FROM a\nFROM b\nCOPY --from=+0 . .", ["b", 0]),
        ("FROM a\nFROM b\nCOPY --from=image . .", ["b", "image"]),
        ("FROM a\nCOPY --from=i . .\nFROM b\nCOPY --from=2 . .", ["b", "i"]),
        ("FROM a\nCOPY --from= . .", ["a"]),
        ("FROM a\nADD --from=x . .", ["a"]),
        # mounts: by name only
        ("FROM a AS x\nFROM b\nRUN --mount=from=X,target=/x true", ["b", 0]),
        ("FROM a\nFROM b\nRUN --mount=from=0,target=/x true", ["b", "0"]),
        ('FROM a AS x\nFROM b\nRUN --mount="FROM=y",from=x true', ["b", 0]),
        ("FROM a\nRUN --mount='type=bind,\"from=i,j\"' true", ["a", "i,j"]),
        ("FROM a AS scratch\nFROM b\nRUN --mount=type=cache,target=/c true", ["b", 0]),
        ("FROM a\nRUN --mount=type=cache,target=/c true\nCOPY --from=1 . .", ["a", "scratch"]),
        # a stage called scratch is one
        ("FROM a AS scratch\nFROM scratch", [0]),
        ("FROM a AS x\nFROM scratch", ["scratch"]),
        # ONBUILD runs in the direct child
        ("FROM a AS x\nFROM b AS y\nONBUILD COPY --from=x . .\nFROM y", [1, 0]),
        ("FROM a AS x\nFROM b AS y\nONBUILD COPY --from=x . .\nFROM y AS z\nFROM z", [2]),
        ("FROM a AS x\nFROM b\nONBUILD COPY --from=x . .", ["b"]),
        ("FROM a AS x\nFROM b AS y\nONBUILD RUN --mount=from=x true\nFROM y", [1, 0]),
        # heredoc bodies are data
        ("FROM a\nRUN <<E\nFROM b\nE", ["a"]),
    ],
)
def test_references(text: str, expected: list[int | str]) -> None:
    assert uses(graph(text)) == expected


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("ARG V=1\nFROM a:$V", "a:1"),
        ("ARG V=1\nARG W=${V}2 X\nFROM a:$W$X", "a:12"),
        ("ARG V\nFROM a:${V:-3}", "a:3"),
        ('ARG B="a b"\nFROM "${B}:${BUILDOS}"', "a b:linux"),
        ("ARG V=1\nFROM a AS x\nARG V=2\nFROM a:$V", "a:1"),
        ("FROM b-$TARGETARCH$TARGETVARIANT-$TARGETSTAGE AS Last", "b-armv7-last"),
        ("ARG TARGETARCH=x\nFROM b-$TARGETARCH", "b-x"),
        ("FROM b-$TARGETSTAGE", "b-default"),
        ("FROM --platform=$BUILDPLATFORM a", "a"),
    ],
)
def test_variables_in_from(text: str, base: str) -> None:
    assert graph(text, platform="linux/arm/v7").stages[-1].base == base


def test_build_args_and_the_platform_decide() -> None:
    text = "ARG WHAT=a\nFROM x AS a\nFROM y AS b-arm64\nFROM $WHAT\n"
    assert uses(graph(text)) == [0]
    assert uses(graph(text, WHAT="b-arm64")) == [1]
    flagged = graph("FROM --platform=${TARGETPLATFORM} a\n", platform="arm64")
    assert flagged.stages[0].platform == "linux/arm64"
    assert flagged.stages[0].variables == {"TARGETPLATFORM"}
    assert graph("FROM a-$TARGETARCH", TARGETARCH="z").stages[0].base == "a-z"


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("arm64", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6"),
        ("windows/amd64", "windows/amd64"),
        ("Linux/i386", "linux/386"),
    ],
)
def test_platforms(name: str, platform: str) -> None:
    assert str(parse_platform(name)) == platform


def test_a_system_alone_means_its_machine() -> None:
    assert str(parse_platform("linux")) == str(settings().host)


@pytest.mark.parametrize("name", ["", "a/b/c/d", "linux/", "linux amd64"])
def test_what_is_no_platform(name: str) -> None:
    with pytest.raises(UsageError, match="is no platform; write one such as linux/arm64"):
        parse_platform(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM a\nFROM b\nCOPY --from=2 . .", r"Dockerfile:3: --from=2: there is no stage 2;"),
        ("FROM a\nCOPY --from=-1 . .", r"Dockerfile:2: --from=-1: there is no stage -1"),
        ("ARG X\nFROM a\nCOPY --from=$X . .", r"Dockerfile:3: --from=\$X: variables are not"),
        ("FROM a\nCOPY --from=${X . .", r"Dockerfile:2: --from=\${X: variables are not"),
        ("FROM a\nRUN --mount=from=$X true", r"Dockerfile:2: .*not expanded in from; name a stage"),
        ("FROM a\nRUN --mount='\"a\"b' true", r"Dockerfile:2: --mount=.*check its quotes"),
        ("ARG X\nFROM $X", r"Dockerfile:2: FROM \$X is empty; give --build-arg X=\.\.\."),
        ("FROM --platform=$X a", r"Dockerfile:1: --platform=\$X is empty; give"),
        ("FROM ${X:?no}", r"Dockerfile:1: .*X: no; correct it"),
        ("ARG X=${Y?no}\nFROM a", r"Dockerfile:1: ARG X: Y: no; correct its default"),
    ],
)
def test_what_buildkit_refuses(text: str, message: str) -> None:
    with pytest.raises(DockerfileError, match=message):
        graph(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM a AS x\nCOPY --from=y . .\nFROM b AS y", "x takes from y, which begins below, in"),
        ("FROM a\nCOPY --from=1 . .\nFROM b AS y", "Dockerfile:2: stage-0 takes from y, which"),
        ("FROM a AS x\nCOPY --from=x . .", "x takes from x, which is this very stage; define"),
        ("FROM a AS x\nRUN --mount=from=y true\nFROM b AS y", "which begins below, in line 3"),
    ],
)
def test_a_stage_cannot_take_from_below(text: str, message: str) -> None:
    found = graph(text)
    with pytest.raises(DockerfileError, match=message):
        found.needed(found.stages[0])


def test_a_wrong_stage_that_is_not_needed_does_no_harm() -> None:
    found = graph("FROM a AS x\nCOPY --from=y . .\nFROM b AS y\nFROM c")
    assert found.needed(found.stages[-1]) == {2}


MANY = """\
FROM a AS deps
FROM a AS tools
FROM deps AS build
RUN --mount=from=tools true
FROM build AS test
FROM scratch
COPY --from=build . .
"""


def test_needed_levels_and_leaves() -> None:
    found = graph(MANY)
    assert found.needed(found.stages[-1]) == {0, 1, 2, 4}
    assert found.levels(range(5)) == [[0, 1], [2], [3, 4]]
    assert [stage.name for stage in found.leaves()] == ["test"]
    assert [stage.label for stage in found.stages][-1] == "stage-4"


def test_a_stage_is_found_by_name_in_any_case_or_by_number() -> None:
    found = graph("FROM a AS x\nFROM b AS X\nFROM c")
    assert [found.find(name).index for name in ("x", "X", "0", "2")] == [1, 1, 0, 2]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (MANY, "biuld", "Dockerfile has no stage 'biuld'; did you mean build?"),
        (MANY, "zzz", "has no stage 'zzz'; there are deps, tools, build, test"),
        ("FROM a", "5", "has no stage '5'; none of them has a name"),
    ],
)
def test_a_stage_that_is_not_there(text: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        graph(text).find(name)


def test_build_args_come_from_the_option_or_the_environment() -> None:
    given = parse_build_args(["A=1=2", "B", "C", "D="], {"B": "b"})
    assert given == {"A": "1=2", "B": "b", "D": ""}
    with pytest.raises(UsageError, match="'=x' has no name; write NAME=VALUE"):
        parse_build_args(["=x"], {})
