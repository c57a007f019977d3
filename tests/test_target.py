"""The slices of the Dockerfiles in integration/, where they are built too, and of smaller ones."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emit.cli import cli
from emit.dockerfile import parse, validate
from emit.dockerfile.stages import StageGraph, stage_graph
from emit.dockerfile.text import decode, encode
from emit.dockerfile.variables import settings
from emit.errors import DockerfileError
from emit.target import listing, plan_target, stage_report
from tests.variants import ROOT

FOLDER = ROOT / "integration" / "dockerfiles"
TEXT = """\
# syntax=docker/dockerfile:1
# a licence

# the version
ARG V=3.20
ARG OTHER=1 \\
    MORE=$V

# tools are first
FROM alpine:$V AS tools
RUN touch /t
# of tools

# a heading

FROM --platform=$BUILDPLATFORM alpine AS build
COPY --from=0 /t /t
COPY a* ./b c http://example.com/d <<E /d/
E
ONBUILD ADD f g
RUN --mount=target=. --mount=source=go.mod,target=/m --mount=type=cache,target=/c true

FROM build AS test

FROM scratch AS app
COPY --from=1 --link / /
"""


def graph(text: str, *, platform: str | None = "linux/amd64", **build_args: str) -> StageGraph:
    dockerfile = parse(text)
    validate(dockerfile)
    return stage_graph(dockerfile, settings(build_args=build_args, platform=platform))


def cut(text: str, stage: str, *, all_variants: bool = False, used_args: bool = False) -> str:
    plan = plan_target(graph(text), stage, all_variants=all_variants, used_args=used_args)
    return plan.text


def emit(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["target", *arguments], prog_name="emit", input=text)


def test_the_last_stage_of_a_file_without_others_is_the_whole_file() -> None:
    for text in ("FROM a", "\n\n# c\nFROM a\n\n\n", "\ufeffFROM a\r\nRUN x\r\n# end"):
        assert cut(text, "0") == text


def test_only_needed_lines_stay_and_no_byte_of_them_changes_but_numbers() -> None:
    lines = TEXT.splitlines(keepends=True)
    assert cut(TEXT, "build") == "".join(lines[:21])
    assert cut(TEXT, "tools") == "".join(lines[:12])
    assert cut(TEXT, "app") == "".join([*lines[:22], *lines[24:]])


def test_comments_go_with_their_stage_and_the_heading_stays() -> None:
    text = "# licence\nFROM a AS x\nRUN x\n# of y\nFROM b AS y\n# end of y\n\n\n# z\n\nFROM c AS z"
    assert cut(text, "y") == "# licence\n# of y\nFROM b AS y\n# end of y\n"
    assert cut(text, "z") == "# licence\n# z\n\nFROM c AS z"
    assert cut("\n# of x\nFROM a AS x\nFROM b", "1") == "\nFROM b"


def test_stages_that_become_neighbours_keep_a_blank_line_between() -> None:
    text = "FROM a AS x\nFROM b AS y\n\n\nFROM x AS z\n"
    assert cut(text, "z") == "FROM a AS x\n\n\nFROM x AS z\n"


def test_numbers_count_anew_and_images_get_their_name() -> None:
    text = (
        "FROM a\nFROM b\nFROM c\nCOPY --from=img x y\nFROM d\n"
        "COPY --from=4 --from='2' \\\n  --from=\\\n1 x y\nCOPY --from=4 x y\n"
    )
    assert cut(text, "3") == (
        "FROM b\nFROM d\nCOPY --from=4 --from='2' \\\n  --from=0\\\n x y\nCOPY --from=img x y\n"
    )


def test_numbers_in_onbuild_count_anew_where_they_are_run_and_only_there() -> None:
    text = "FROM a\nFROM b\nFROM c AS base\nONBUILD COPY --from=1 x y\nFROM base AS child\n"
    assert cut(text, "base") == "FROM c AS base\nONBUILD COPY --from=1 x y\n"
    assert "FROM b\nFROM c AS base\nONBUILD COPY --from=0 x y\n" in cut(text, "child")


def test_an_image_that_is_called_by_a_number_must_be_named_in_full() -> None:
    text = "FROM a\nFROM b AS x\nRUN --mount=from=7,target=/m true\nCOPY --from=2 x y\n"
    with pytest.raises(DockerfileError, match=r":4: --from=2 is an image that is called 7; name"):
        cut(text, "x")


def test_a_comment_that_comes_to_the_top_does_not_become_a_directive() -> None:
    text = "FROM a AS x\r\n# escape=`\r\nFROM b AS y\r\nRUN a \\\r\n b\r\n"
    assert cut(text, "y") == "\r\n# escape=`\r\nFROM b AS y\r\nRUN a \\\r\n b\r\n"
    text = "# check=skip=all\nARG V\n# syntax=x\n\nFROM a\n"
    assert cut(text, "0", used_args=True) == "# check=skip=all\n\n# syntax=x\n\nFROM a\n"


def test_the_byte_order_mark_stays_first() -> None:
    assert cut("\ufeffFROM a AS x\nFROM b\n", "1") == "\ufeffFROM b\n"
    text = "\ufeffFROM a AS x\n# escape=`\nFROM b"
    assert cut(text, "1") == "\ufeff\n# escape=`\nFROM b"


def test_args_that_nothing_left_names_can_go() -> None:
    kept = cut(TEXT, "tools", used_args=True)
    assert "OTHER" not in kept
    assert "# a licence\n\n# the version\nARG V=3.20\n\n# tools" in kept
    text = "ARG A=1\n# b\nARG B=$A\n# c\nARG C\nARG D\nFROM x:$B\nARG C\n"
    assert cut(text, "0", used_args=True) == text.replace("ARG D\n", "")


PINNED = """\
FROM a AS base-amd64
FROM b AS base-arm64
FROM base-${TARGETARCH} AS app
"""


def test_a_default_that_chose_a_stage_is_told() -> None:
    found = plan_target(graph(PINNED, platform=None, TARGETPLATFORM="x"), None)
    assert len(found.pinned) == 1
    assert "FROM base-${TARGETARCH} is base-a" in str(found.pinned[0])
    assert "--all-variants keeps base-a" in str(found.pinned[0])


def test_a_choice_that_was_given_is_not_told() -> None:
    assert plan_target(graph(PINNED), None).pinned == ()
    assert plan_target(graph(PINNED, platform=None, TARGETARCH="arm64"), None).pinned == ()
    assert plan_target(graph(PINNED, platform=None), None, all_variants=True).pinned == ()


def test_an_image_that_an_arg_names_is_no_choice_of_stages() -> None:
    text = "ARG I=alpine\nFROM a AS x\nFROM $I AS y\n"
    assert plan_target(graph(text), "y").pinned == ()
    assert plan_target(graph(text, I="x"), "y").kept == ("x", "y")


def test_all_variants_keep_what_a_variable_may_name() -> None:
    assert cut(PINNED, "app") == "FROM a AS base-amd64\nFROM base-${TARGETARCH} AS app\n"
    assert cut(PINNED, "app", all_variants=True) == PINNED
    deep = "FROM a AS deep\nFROM deep AS b-x\nFROM a AS no\nFROM a AS b-amd64\nFROM b-$TARGETARCH\n"
    assert cut(deep, "4", all_variants=True) == deep.replace("FROM a AS no\n", "")


def test_the_plan_names_what_is_copied_from_the_context() -> None:
    plan = plan_target(graph(TEXT), "app")
    assert plan.context == ("a*", "./b", "c", "f", ".", "go.mod")
    assert (plan.kept, plan.dropped) == (("tools", "build", "app"), ("test",))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.Dockerfile")), ids=lambda file: file.stem)
def test_a_slice_of_a_slice_is_itself(file: Path) -> None:
    whole = graph(decode(file.read_bytes()))
    for stage in whole.stages:
        once = plan_target(whole, str(stage.index)).text
        assert plan_target(graph(once), None).text == once


def test_the_list_tells_of_each_stage() -> None:
    assert listing(graph(TEXT), "build") == (
        "   STAGE  FROM         TAKES FROM  USED BY    LINE\n"
        "*  tools  alpine:3.20              build      10\n"
        "*  build  alpine       tools       test, app  16\n"
        "   test   build                    nobody     23\n"
        "   app    scratch      build       nobody     25\n"
        "* needed by build\n"
    )
    report = stage_report(graph(TEXT), None)
    assert [row.needed for row in report.stages] == [True, True, False, True]
    assert report.stages[1].platform == str(settings().host)


def test_the_command_slices_stdin_to_stdout() -> None:
    result = emit("y", "-f", "-", text="FROM a AS x\nFROM b AS y\nFROM c\n")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "FROM b AS y\n", "")


def test_the_command_writes_bytes_and_keeps_a_files_mode(tmp_path: Path) -> None:
    source, product = tmp_path / "Dockerfile", tmp_path / "out"
    source.write_bytes(b"FROM a AS x\r\nLABEL a=\xff\r\nFROM b\r\n")
    assert emit("x", "-f", str(source), "-o", str(product)).output == ""
    assert product.read_bytes() == b"FROM a AS x\r\nLABEL a=\xff\r\n"
    assert product.stat().st_mode & 0o111 == 0
    product.chmod(0o600)
    assert emit("-f", str(source), "-o", str(product)).exit_code == 0
    assert (product.read_bytes(), product.stat().st_mode & 0o777) == (b"FROM b\r\n", 0o600)
    assert {*tmp_path.iterdir()} == {source, product}


def test_check_shows_a_difference_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("FROM b\n", encoding="utf-8")
    good = emit("1", "-f", "-", "-o", str(tmp_path / "out"), "--check", text="FROM a\nFROM b\n")
    assert (good.exit_code, good.output) == (0, "")
    bad = emit("0", "-f", "-", "-o", str(tmp_path / "out"), "--check", text="FROM a\nFROM b\n")
    assert bad.exit_code == 1
    assert "-FROM b\n+FROM a\n" in bad.stdout


def test_json_reports_the_plan_or_the_list() -> None:
    plan = json.loads(emit("--json", "-f", "-", text=TEXT).stdout)
    assert (plan["stage"], plan["dropped"], plan["text"]) == ("app", ["test"], cut(TEXT, "app"))
    rows = json.loads(emit("--list", "--json", "-f", "-", text=TEXT).stdout)["stages"]
    assert [row["used_by"] for row in rows] == [["build"], ["test", "app"], [], []]


def test_the_choice_of_a_default_is_said_on_stderr() -> None:
    architecture = settings().host.architecture
    text = PINNED.replace("amd64", architecture).replace("arm64", "other")
    result = emit("-f", "-", "--all-variants", text=text)
    assert (result.stdout, result.stderr) == (text, "")
    result = emit("-f", "-", text=text)
    assert result.stderr == (
        f"emit: <stdin>:3: FROM base-${{TARGETARCH}} is base-{architecture}, because TARGETARCH="
        f"{architecture} unless --platform or --build-arg says otherwise; --all-variants keeps "
        "base-other too\n"
    )


@pytest.mark.parametrize(
    ("arguments", "text", "code", "message"),
    [
        (["biuld"], TEXT, 2, "<stdin> has no stage 'biuld'; did you mean build?"),
        (["x"], "FROM a AS x\nRUM y\n", 1, "<stdin>:2: there is no instruction 'RUM'; did you"),
        (["--platform", "a b"], TEXT, 2, "'a b' is no platform"),
        (["--build-arg", "=x"], TEXT, 2, "'=x' has no name"),
        (["-f", "nowhere"], TEXT, 2, "cannot read nowhere: No such file or directory; name"),
        (["-f", "nul\0byte"], TEXT, 2, "cannot read nul"),
    ],
)
def test_errors_are_one_sentence(arguments: list[str], text: str, code: int, message: str) -> None:
    result = emit("-f", "-", *arguments, text=text)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_shell_completes_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    env = {"_EMIT_COMPLETE": "bash_complete", "COMP_WORDS": "emit target b", "COMP_CWORD": "2"}
    assert CliRunner().invoke(cli, prog_name="emit", env=env).stdout == "\n"
    Path("Dockerfile").write_bytes(encode(TEXT))
    assert CliRunner().invoke(cli, prog_name="emit", env=env).stdout == "plain,build\n"
