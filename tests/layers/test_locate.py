from pathlib import Path

import pytest

from emit.dockerfile.load import load_graph
from emit.layers.history import command
from emit.layers.locate import base_layers, locate

DOCKERFILE = """\
ARG VERSION=3.20
FROM alpine:$VERSION AS base
RUN apk add curl \\
    make
ENV A=1

FROM golang AS build
RUN make

FROM base
WORKDIR /app
COPY --from=build --chown=1:1 /out /app
RUN --mount=type=cache,target=/c make install
RUN ["touch", "/x"]
RUN <<EOF
make test
EOF
COPY $A /b
RUN make install
RUN cat <<EOF >/z
z
EOF
"""
BASE = ["ADD rootfs.tar.gz /", "RUN /bin/sh -c apk add ca-certificates # buildkit"]
BUILT = [
    "RUN /bin/sh -c apk add curl     make # buildkit",
    "WORKDIR /app",
    "COPY /out /app # buildkit",
    "RUN /bin/sh -c make install # buildkit",
    "RUN touch /x # buildkit",
    "RUN /bin/sh -c make test\n # buildkit",
    "COPY 1 /b # buildkit",
    "RUN /bin/sh -c make install # buildkit",
    "RUN /bin/sh -c cat <<EOF >/z\nz\nEOF # buildkit",
]
LINES = [3, 11, 12, 13, 14, 15, 18, 19, 20]


def lines(history: list[str], folder: Path, target: str = "", text: str = DOCKERFILE) -> list[int]:
    (folder / "Dockerfile").write_text(text)
    graph = load_graph(str(folder / "Dockerfile"))
    stage = graph.find(target) if target else graph.stages[-1]
    found = locate([command(text) for text in history], graph, stage)
    assert {place.file for place in found.values()} <= {str(folder / "Dockerfile")}
    return [found[index].line if index in found else 0 for index in range(len(history))]


def test_each_layer_has_its_line(tmp_path: Path) -> None:
    assert lines([*BASE, *BUILT], tmp_path) == [0, 0, *LINES]


def test_the_classic_builders_history_has_too(tmp_path: Path) -> None:
    classic = [
        "/bin/sh -c apk add curl     make",
        "/bin/sh -c #(nop) WORKDIR /app",
        "/bin/sh -c #(nop) COPY --chown=1:1file:abc in /app ",
        "/bin/sh -c make install",
        "touch /x",
        "/bin/sh -c #(nop) COPY file:def in /b ",
        "/bin/sh -c make install",
    ]
    assert lines(classic, tmp_path) == [3, 11, 12, 13, 14, 18, 19]


def test_another_stage_has_its_own_lines(tmp_path: Path) -> None:
    assert lines(["ADD x /", "RUN /bin/sh -c make # buildkit"], tmp_path, "build") == [0, 8]
    assert lines(BUILT[:1], tmp_path, "base") == [3]


def test_an_edited_dockerfile_still_tells_most(tmp_path: Path) -> None:
    text = DOCKERFILE.replace("RUN make install\n", "").replace("WORKDIR", "RUN new\nWORKDIR")
    assert lines(BUILT, tmp_path, text=text) == [3, 12, 13, 14, 15, 16, 19, 0, 20]


def test_another_dockerfile_tells_nothing(tmp_path: Path) -> None:
    assert lines(BUILT, tmp_path, text="FROM scratch\nRUN else\n") == [0] * 9
    assert lines(BUILT, tmp_path, text="FROM scratch\n") == [0] * 9
    assert lines(BUILT, tmp_path, text="FROM scratch\nCOPY x /y\nWORKDIR /z\n") == [0] * 9


def test_a_relative_folder_is_found_by_its_end(tmp_path: Path) -> None:
    history = ["WORKDIR /app/web", "COPY . ."]
    assert lines(history, tmp_path, text="FROM x\nWORKDIR ./web\nCOPY --link . .\n") == [2, 3]
    assert lines(["COPY x /y"], tmp_path, text="FROM x\nCOPY a /\n") == [0]
    assert lines([], tmp_path) == []


@pytest.mark.parametrize(
    ("at", "layers", "base"), [([2, 3], 4, 2), ([0], 1, 0), ([1, 3], 4, None), ([], 3, None)]
)
def test_the_base_is_below_the_dockerfiles_layers(
    at: list[int], layers: int, base: int | None, tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\nRUN x\n")
    graph = load_graph(str(tmp_path / "Dockerfile"))
    (place,) = locate([command("RUN x")], graph, graph.stages[-1]).values()
    assert base_layers(dict.fromkeys(at, place), layers) == base
