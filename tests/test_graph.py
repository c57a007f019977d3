import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emit.cli import cli
from emit.dockerfile import parse
from emit.dockerfile.stages import stage_graph
from emit.dockerfile.variables import settings
from emit.graph import GraphPlan, plan_graph
from emit.graph_text import as_dot, as_mermaid, as_text
from emit.picture import as_svg

TEXT = """\
FROM alpine:3.20 AS deps
RUN apk add make
FROM golang AS tools
FROM deps AS base
ONBUILD COPY --from=tools /a /a
FROM base AS build
COPY . .
RUN --mount=from=tools,target=/t make
FROM build AS test
FROM scratch AS app
COPY --from=build /x /x
COPY --from="img:<1>" /y /y
"""
SVG = "{http://www.w3.org/2000/svg}"


def plan(text: str, stage: str | None = None) -> GraphPlan:
    return plan_graph(stage_graph(parse(text), settings(platform="linux/amd64")), stage)


def emit(*arguments: str, text: str = TEXT) -> Result:
    return CliRunner().invoke(cli, ["graph", "-f", "-", *arguments], prog_name="emit", input=text)


def notes(text: str) -> list[tuple[int, str]]:
    return [(note.line, note.text) for note in plan(text).notes]


def test_boxes_tell_steps_and_what_the_target_needs() -> None:
    boxes = {box.title: box for box in plan(TEXT).boxes}
    steps = {title: box.step for title, box in boxes.items() if not box.image}
    assert steps == {"deps": 1, "tools": 1, "base": 2, "build": 3, "test": 4, "app": 4}
    assert [title for title, box in boxes.items() if not box.needed] == ["test"]
    assert [title for title, box in boxes.items() if box.unused] == ["test"]
    assert [title for title, box in boxes.items() if box.target] == ["app"]
    assert [title for title, box in boxes.items() if box.image] == [
        "alpine:3.20",
        "golang",
        "img:<1>",
    ]
    assert (boxes["build"].detail, boxes["app"].detail) == ("1 COPY · 1 RUN", "scratch · 2 COPY")


def test_another_target_needs_other_stages_and_images() -> None:
    boxes = {box.title: box for box in plan(TEXT, "tools").boxes}
    assert [title for title, box in boxes.items() if box.needed] == ["golang", "tools"]
    assert boxes["test"].unused
    assert plan(TEXT, "tools").steps == 1


def test_arrows_tell_how_files_come_and_onbuild() -> None:
    arrows = {(a.start, a.end, a.kind, a.onbuild) for a in plan(TEXT).arrows if a.end == "s3"}
    assert arrows == {
        ("s2", "s3", "from", False),
        ("s1", "s3", "copy", True),
        ("s1", "s3", "mount", False),
    }


def test_a_reference_downwards_in_a_stage_that_is_not_needed_is_still_drawn() -> None:
    text = "FROM a AS x\nCOPY --from=y / /\nFROM b AS y\nFROM c\n"
    assert "copies y" in as_text(plan(text))
    assert "x" in as_svg(plan(text))


def test_the_text_goes_step_by_step() -> None:
    assert as_text(plan(TEXT)) == (
        "Dockerfile: app needs 5 of 6 stages, in 4 steps\n"
        "step 1    deps   from alpine:3.20\n"
        "          tools  from golang\n"
        "step 2    base   from deps\n"
        "step 3    build  from base; copies tools (ONBUILD); mounts tools\n"
        "step 4  * app    from scratch; copies build, img:<1>\n"
        "\n"
        "not built for app\n"
        "          test   from build\n"
        "\n"
        "Dockerfile:9: no stage takes from test: BuildKit builds it only when it is the target, "
        "so a test in it runs only then\n"
    )
    assert as_text(plan("FROM a")) == (
        "Dockerfile: stage-0 needs 1 of 1 stages, in 1 step\nstep 1  * stage-0  from a\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nCOPY . .\nRUN npm ci\n", [(2, "COPY . . stands above 'npm ci' in line 3")]),
        ("FROM a\nADD ./ /x\nRUN pip install -r x\n", [(2, "ADD ./ /x stands above 'pip inst")]),
        ("FROM a\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm install", []),
        ("FROM a\nCOPY --from=b . .\nRUN npm ci\n", []),
        ("FROM a\nCOPY . .\nRUN npm run build && yarn build\n", []),
        ("FROM a\nCOPY . .\nRUN yarn && a\n", [(2, "COPY . . stands above 'yarn' in line 3")]),
        ("FROM a\nADD http://a/b /b\n", [(2, "ADD http://a/b is taken as it comes; add --ch")]),
        ("FROM a\nADD --checksum=sha256:1 http://a/b /b\nADD https://a/b.git#v1 /c\n", []),
        ("FROM a AS b-amd64\nFROM a AS b-arm64\nFROM b-$TARGETARCH\n", []),
        ("FROM a AS b\nFROM c\n", [(1, "no stage takes from b: BuildKit builds it only when")]),
    ],
)
def test_notes_say_what_the_graph_alone_can_know(
    text: str, expected: list[tuple[int, str]]
) -> None:
    found = notes(text)
    assert [line for line, _ in found] == [line for line, _ in expected]
    assert all(said.startswith(text) for (_, said), (_, text) in zip(found, expected, strict=True))


def test_mermaid_quotes_titles_and_names_every_class() -> None:
    text = as_mermaid(plan(TEXT))
    assert text.startswith("flowchart LR\n")
    assert 'i2(["img:#lt;1#gt;"])' in text
    assert "    s1 -. ONBUILD copy .-> s3\n" in text
    assert "    s1 -. mount .-> s3\n" in text
    assert "    class s5 target\n    class s4 spare\n" in text
    assert {*re.findall(r"class \S+ (\w+)$", text, re.MULTILINE)} <= {
        *re.findall(r"classDef (\w+)", text)
    }


def test_dot_is_read_by_graphviz() -> None:
    graphviz = pytest.importorskip("pygraphviz")
    text = as_dot(plan(TEXT.replace("golang", "'go\"lang'")))
    read = graphviz.AGraph(string=text)
    assert len(read.nodes()) == 9
    assert len(read.edges()) == len(plan(TEXT).arrows)
    assert 's1 -> s3 [style=dashed, label="ONBUILD copy"]' in text
    assert 'i1 [label="go\\"lang"' in text


def rectangles(svg: ET.Element) -> list[tuple[float, float, float, float]]:
    found = []
    for rect in svg.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        found.append((x, y, x + w, y + h))
    return found


@pytest.mark.parametrize("text", [TEXT, "FROM a", TEXT + "FROM app AS z\n" * 9], ids=len)
def test_the_picture_has_each_box_once_inside_its_frame_and_none_over_another(text: str) -> None:
    drawn = plan(text)
    svg = ET.fromstring(as_svg(drawn))  # noqa: S314 - our own
    titles = [element.text for element in svg.iter(f"{SVG}text")]
    assert all(titles.count(box.title) >= 1 for box in drawn.boxes)
    boxes = rectangles(svg)[: len(drawn.boxes)]
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    assert all(0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height for x1, y1, x2, y2 in boxes)
    for number, (x1, y1, x2, y2) in enumerate(boxes):
        for u1, v1, u2, v2 in boxes[number + 1 :]:
            assert x2 <= u1 or u2 <= x1 or y2 <= v1 or v2 <= y1


def test_long_names_of_images_are_cut_short_in_the_picture() -> None:
    svg = as_svg(plan(f"FROM a:1@sha256:{'0123456789' * 6}abcd\nCOPY --from={'x' * 60} / /\n"))
    assert ">a:1@01234567…<" in svg
    assert f">{'x' * 21}…{'x' * 21}<" in svg


def test_names_that_a_terminal_or_xml_would_not_bear_are_escaped() -> None:
    odd = plan("FROM a\x01<&:1 AS x\nFROM x\nCOPY --from=\x1b[31m\udcff / /\n")
    ET.fromstring(as_svg(odd))  # noqa: S314 - our own
    assert "from x; copies \\x1b[31m" in as_text(odd)


def test_what_is_not_needed_can_be_left_out() -> None:
    text = emit("--needed", "build").stdout
    assert "test" not in text.split("\n\n")[0]
    assert "not built" not in text
    boxes = json.loads(emit("tools", "--needed", "--json").stdout)["boxes"]
    assert [box["title"] for box in boxes] == ["golang", "tools"]


def test_stages_of_one_step_stand_in_one_column() -> None:
    svg = as_svg(plan(TEXT))
    columns = re.findall(r'class="title" x="([\d.]+)"[^>]*>(\w+)<', svg)
    by_title = {title: x for x, title in columns}
    assert by_title["deps"] == by_title["tools"]
    assert by_title["test"] == by_title["app"] != by_title["build"]


def test_a_wide_graph_goes_downwards() -> None:
    chain = "".join(
        f"FROM s{number} AS s{number + 1}-{'x' * 30}\n".replace(f"s{number} ", f"p{number} ")
        if number == 0
        else f"FROM s{number}-{'x' * 30} AS s{number + 1}-{'x' * 30}\n"
        for number in range(6)
    )
    svg = ET.fromstring(as_svg(plan(chain)))  # noqa: S314 - our own
    assert float(svg.attrib["width"]) < float(svg.attrib["height"])


def test_the_same_file_gives_the_same_bytes() -> None:
    assert as_svg(plan(TEXT)) == as_svg(plan(TEXT))


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("x.svg", "<svg"),
        ("x.dot", "digraph"),
        ("x.gv", "digraph"),
        ("x.mmd", "flowchart"),
        ("x.json", "{"),
        ("x.txt", "<stdin>: app needs"),
    ],
)
def test_the_file_name_chooses_the_format(tmp_path: Path, name: str, start: str) -> None:
    assert emit("-o", str(tmp_path / name)).output == ""
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert emit("-o", str(tmp_path / name), "--check").exit_code == 0


@pytest.mark.parametrize("name", ["stages.png", "stages.PDF"])
def test_a_picture_that_is_not_drawn_is_refused(tmp_path: Path, name: str) -> None:
    result = emit("-o", str(tmp_path / name))
    assert result.exit_code == 2
    assert "write a .svg, or use --format dot | dot -Tp" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_stale_picture_fails_the_check(tmp_path: Path) -> None:
    assert emit("-o", str(tmp_path / "x.svg")).exit_code == 0
    result = emit("-o", str(tmp_path / "x.svg"), "--check", text="FROM a")
    assert result.exit_code == 1


def test_json_has_all_that_is_drawn() -> None:
    told = json.loads(emit("--json").stdout)
    assert (told["target"], len(told["boxes"]), told["notes"][0]["line"]) == ("app", 9, 9)


def test_without_graphviz_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    result = emit("--format", "svg")
    assert result.exit_code == 1
    assert "pip install 'emit-sh[graph]', or ask for --format dot or mermaid" in result.stderr
