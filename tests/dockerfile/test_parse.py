"""The folders in cases/: a Dockerfile, and what is read in it or how it is refused."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emit.dockerfile import Dockerfile, Instruction, parse, read
from emit.dockerfile.text import decode, encode
from emit.errors import DockerfileError, UsageError

CASES = Path(__file__).parent / "cases"
READ = sorted((CASES / "read").iterdir())
REFUSED = sorted((CASES / "refused").iterdir())

#: What Dockerfiles are made of, so that made-up ones get far into the parser.
TOKENS = [
    *("FROM a", "AS b", "RUN ", "COPY ", "--from=", "ENV ", "ARG ", "ONBUILD ", "HEALTHCHECK "),
    *("# escape=`\n", "# syntax=x\n", "<<EOF", "<<-'E F'", "EOF", "\tE F", '["a"', ", 1]", "[]"),
    *("\n", "\\\n", "`\n", "\r\n", "\\", "`", '"', "'", " ", "\t", "$", "${a:-", "}", "=", "#"),
    *("\ufeff", "\x00", "\xa0", "\x85", "\u2028", "\udcff", "é", "<<", "--", "x"),
]


def told(case: Path) -> object:
    """Return what is read in a case, without what is not said of most instructions."""
    dockerfile = parse(decode((case / "Dockerfile").read_bytes()))
    told = {**asdict(dockerfile), "instructions": [*map(short, dockerfile.instructions)]}
    del told["lines"], told["file"]
    return json.loads(encode(json.dumps(told, ensure_ascii=False)).decode("utf-8", "replace"))


def short(instruction: Instruction) -> dict[str, object]:
    fields = {name: value for name, value in asdict(instruction).items() if value is not None}
    fields["flags"] = [str(flag) for flag in instruction.flags]
    fields["pairs"] = [[pair.key, pair.value] for pair in instruction.pairs]
    if instruction.trigger:
        fields["trigger"] = short(instruction.trigger)
    for name in ("spans", "pieces", "logical", "start", "rest"):
        fields.pop(name, None)
    return {name: value for name, value in fields.items() if value not in ([], (), False)}


@pytest.mark.parametrize("case", [*READ, *REFUSED], ids=lambda case: case.name)
def test_what_is_read_prints_back_byte_for_byte(case: Path) -> None:
    data = (case / "Dockerfile").read_bytes()
    try:
        dockerfile = parse(decode(data))
    except DockerfileError:
        assert case in REFUSED
    else:
        assert encode(dockerfile.text) == data


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_a_case_is_read_as_its_parsed_json_says(case: Path, request: pytest.FixtureRequest) -> None:
    golden = case / "parsed.json"
    text = json.dumps(told(case), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-goldens"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_case_is_refused_with_its_line_and_the_cure(
    case: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case)
    with pytest.raises(DockerfileError) as caught:
        read("Dockerfile")
    said = f"{caught.value}\n"
    if request.config.getoption("--update-goldens"):
        (case / "error.txt").write_text(said, encoding="utf-8")
    assert said == (case / "error.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"Dockerfile:\d+: .+[;,?].+\n|Dockerfile:\d+: .+\?\n", said)


def test_each_part_of_a_logical_line_is_found_in_the_file() -> None:
    for case in READ:
        dockerfile = parse(decode((case / "Dockerfile").read_bytes()))
        for item in dockerfile.instructions:
            ends = [*(piece.offset for piece in item.pieces[1:]), len(item.logical)]
            for piece, end in zip(item.pieces, ends, strict=True):
                part = item.logical[piece.offset : end]
                assert dockerfile.lines[piece.line - 1].startswith(part, piece.column)


def test_flags_pairs_and_words_stand_where_their_offsets_say() -> None:
    item = parse('FROM a\nCOPY --from=x --chown="a b" \\\n  c  d\nENV a=b "c"=d\n').instructions
    copy, env = item[1], item[2]
    assert [copy.logical[flag.start : flag.end] for flag in copy.flags] == [
        "--from=x",
        '--chown="a b"',
    ]
    assert [copy.logical[start:end] for start, end in copy.spans] == ["c", "d"]
    assert copy.logical[copy.start :] == copy.rest == "c  d"
    assert [env.logical[pair.start : pair.end] for pair in env.pairs] == ["a=b", '"c"=d']
    assert (copy.flag("from"), copy.flag("chown"), copy.flag("link")) == ("x", "a b", None)


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*: No such file or directory; name a"):
        read(str(tmp_path / "Dockerfile"))


def test_a_directive_of_blanks_does_not_take_long() -> None:
    text = f"# escape={' ' * 60000}x\nFROM a\n"
    with pytest.raises(DockerfileError, match="escape character"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        f"FROM a\nRUN {'${a:-' * 5000} <<EOF\n",
        f"FROM a\nCMD {'[' * 60000}\n",
        f"FROM a\n{'ONBUILD ' * 8000}RUN x\n",
        f"FROM a\nRUN {'--x ' * 15000}\n",
        f"FROM a\nENV {'a=b ' * 15000}\n",
        f"FROM a\nCMD [{'9' * 60000}]\n",
    ],
    ids=["expansions", "brackets", "onbuilds", "flags", "pairs", "digits"],
)
def test_depth_and_length_neither_crash_nor_hang(text: str) -> None:
    taken, line = outcome(text)
    assert line == 2 if taken is None else taken.text == text


def outcome(text: str) -> tuple[Dockerfile | None, int]:
    """Return the Dockerfile, or None and the line that it is refused for."""
    try:
        return parse(text), 0
    except DockerfileError as error:
        return None, error.line


@settings(max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.text(max_size=3)), max_size=40))
def test_any_text_prints_back_or_is_refused_with_a_line(parts: list[str]) -> None:
    data = "".join(parts).encode("utf-8", "surrogatepass")
    text = decode(data)
    dockerfile, line = outcome(text)
    if dockerfile is None:
        assert 1 <= line <= max(1, text.count("\n") + 1)
    else:
        assert encode(dockerfile.text) == data
        spans = [(item.line, item.end) for item in dockerfile.instructions]
        assert spans == sorted(spans)


@settings(max_examples=200, deadline=2000)
@given(st.binary(max_size=200))
def test_any_bytes_print_back_or_are_refused(data: bytes) -> None:
    dockerfile, line = outcome(decode(data))
    assert line >= 1 if dockerfile is None else encode(dockerfile.text) == data
