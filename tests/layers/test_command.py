"""`emit layers` as a user runs it, on files."""

import gzip
import json
import os
import pty
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from emit.cli import cli
from tests.layers.images import Made, Step, archive, blob, descriptor, file, laid_out, link, oci
from tests.layers.planted import SIZE, planted
from tests.variants import ROOT


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def waste(tmp_path: Path) -> str:
    (tmp_path / "waste.tar").write_bytes(laid_out(planted(), "docker25"))
    return "waste.tar"


def emit(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["layers", *arguments], prog_name="emit", input=stdin)


def lines(result: Result) -> list[str]:
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("\n")
    return result.stdout.splitlines()


def said(result: Result, code: int) -> str:
    """One sentence on stderr."""
    assert result.exit_code == code
    assert result.stderr.startswith("emit: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("emit: ").rstrip()


def test_the_answer_comes_first(waste: str) -> None:
    text = lines(emit(waste))
    assert " ".join(text[:2]) == (
        "waste.tar (waste:1) linux/amd64: 1.50 MB in 10 layers, 1.50 MB to pull, 600 kB wasted, "
        "efficiency 60 %"
    )
    start = text.index("What to change")
    assert text[start + 1].startswith("1.  200 kB  ")
    assert text.index("Layers") > start
    assert "and 2 more, 400 kB: --top 5" in text


def test_each_finding_names_its_commands_places_and_cure(waste: str) -> None:
    text = " ".join(" ".join(lines(emit(waste, "--top", "5"))).split())
    for part in (
        "RUN update data (layer 3) overwrites what layer 2 stored: RUN fetch data /data/blob 200",
        "RUN make && rm -rf /src (layer 5) removes what layer 4 stored: COPY src /src /src/ 200",
        "RUN chown -R app /app (layer 7) rewrites what layer 6 stored, to change only the owner:",
        "COPY app /app /app/ 200 kB, 5 files → COPY --chown=USER:GROUP sets it as the files are",
        "RUN apk add make (layer 8) leaves apk's package cache /var/cache/apk/APKINDEX.tar.gz 200",
        "RUN cp -r /opt/one /opt/two (layer 10) stores again what layer 9 stored: RUN install one",
    ):
        assert part in text


def test_every_layer_has_its_line_and_its_biggest_paths(waste: str) -> None:
    text = lines(emit(waste))
    table = text[text.index("Layers") + 1 :]
    assert table[0].split() == ["#", "size", "to", "pull", "wasted", "command,", "biggest", "paths"]
    numbers = [line.split()[0] for line in table[1:21] if line[:3].strip()]
    assert numbers == [str(number) for number in range(1, 11)]
    assert "░" in next(line for line in table if line.startswith("  2"))
    assert any(line.strip() == "/data/blob 200 kB" for line in table)


def test_secrets_are_told_without_their_content(waste: str) -> None:
    text = "\n".join(lines(emit(waste)))
    assert "/root/.npmrc in layer 9; layer 10 does not take it out again" in text
    assert "build argument NPM_TOKEN: the history keeps its value" in text
    for form in ("--json", "--md"):
        assert "hunter2" not in emit(waste, form).stdout
    assert "hunter2" not in text


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_no_line_is_wider_than_the_terminal(
    width: int, waste: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = lines(emit(waste, "--max-size", "1GB"))
    assert max(map(len, text)) <= width
    assert not [line for line in text if line != line.rstrip()]


def test_a_narrow_terminal_has_its_room_for_commands(
    waste: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = "\n".join(lines(emit(waste)))
    assert "█" not in text
    assert "RUN chown -R app /app\n" in text[text.index("Layers") :]


def test_an_image_without_waste_is_told_so(tmp_path: Path) -> None:
    made = Made(steps=[Step(by="RUN x", members=[file("x", 100)])])
    (tmp_path / "x.tar").write_bytes(laid_out(made, "oci"))
    assert "Nothing to gain: no bytes are stored in vain." in lines(emit("x.tar"))
    assert "Nothing to gain" in emit("x.tar", "--md").stdout


def test_an_empty_image_is_an_image(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(laid_out(Made(steps=[]), "oci"))
    assert "0 B in 0 layers" in lines(emit("x.tar"))[0]


def test_json_is_the_whole_report(waste: str) -> None:
    result = emit(waste, "--json", "--max-size", "2MB")
    document: dict[str, Any] = json.loads("\n".join(lines(result)))
    assert next(iter(document)) == "schema"
    assert document["schema"] == 1
    assert set(document) == {
        "schema", "emit", "image", "totals", "findings", "secrets", "layers", "budgets",
    }  # fmt: skip
    assert document["totals"]["wasted"] == 3 * SIZE + 24
    layer = document["layers"][6]
    assert (layer["instruction"], layer["command"]) == ("RUN", "RUN chown -R app /app")
    assert (layer["args"], layer["rewritten"], layer["index"]) == (["NPM_TOKEN"], SIZE, 7)
    assert layer["top"][0] == {"path": "/app/", "bytes": SIZE, "files": 5}
    assert document["budgets"] == [
        {"name": "--max-size", "limit": "2.00 MB", "actual": "1.50 MB", "ok": True}
    ]
    assert emit(waste, "--json", "--max-size", "2MB").stdout == result.stdout


def test_the_pipe_gives_what_the_file_gives(waste: str) -> None:
    ours = emit("-", "--json", stdin=Path(waste).read_bytes()).stdout
    assert ours.replace('"name": "waste:1"', f'"name": "{waste}"') == emit(waste, "--json").stdout


@pytest.mark.parametrize(
    ("ending", "start"), [("json", "{"), ("md", "### "), ("txt", "waste.tar (waste:1)")]
)
def test_the_files_ending_says_the_form(ending: str, start: str, waste: str) -> None:
    assert emit(waste, "-o", f"out.{ending}").stdout == ""
    out = Path(f"out.{ending}")
    assert out.read_text(encoding="utf-8").startswith(start)
    assert stat.S_IMODE(out.stat().st_mode) == 0o644


def test_markdown_is_for_a_pull_request(waste: str) -> None:
    text = lines(emit(waste, "--md"))
    assert text[0].startswith("### waste.tar (waste:1) linux/amd64: 1.50 MB")
    assert text[2].startswith("1. **200 kB** `RUN ")
    assert "| # | size | to pull | wasted | command | biggest paths |" in text
    assert len([line for line in text if line.startswith("| ")]) == 11


def test_nothing_in_markdown_is_markup_by_accident(tmp_path: Path) -> None:
    by = "RUN /bin/sh -c echo `date` | tee <b>x</b> ``` # buildkit"
    made = Made(steps=[Step(by=by, members=[file("var/log/a|`b`", 100)])], tag="a_b_c:1")
    (tmp_path / "x.tar").write_bytes(laid_out(made, "oci"))
    text = emit("x.tar", "--md").stdout
    assert text.startswith("### x.tar (a\\_b\\_c:1)")
    assert "`` RUN echo `date` | tee <b>x</b> ``` ``" in text
    row = next(line for line in text.splitlines() if line.startswith("| 1 "))
    assert row.replace("\\|", "").count("|") == 7
    assert "``/var/log/a\\|`b` 100 B``" in row


def test_a_hostile_name_does_not_reach_the_terminal(tmp_path: Path) -> None:
    made = Made(steps=[Step(by="RUN \x1b[2J\x07", members=[file("tmp/\x1b]0;x\x07\n", 100)])])
    (tmp_path / "x.tar").write_bytes(laid_out(made, "oci"))
    for form in ((), ("--md",)):
        text = emit("x.tar", *form).stdout
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "\\x1b[2J" in text


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--max-size", "1MB"), "--max-size 1.00 MB: 1.50 MB"),
        (("--max-wasted", "5%"), "--max-wasted 5%: 40.0 %"),
        (("--min-efficiency", "90"), "--min-efficiency 90 %: 60."),
        (("--max-layer", "100k"), "--max-layer 100 kB: 200 kB"),
        (("--max-pull-size", "1"), "--max-pull-size 1 B: 1.50 MB"),
        (("--forbid", ".npmrc"), "--forbid .npmrc: /root/.npmrc"),
    ],
)
def test_a_broken_budget_is_1_and_says_which(
    arguments: tuple[str, ...], what: str, waste: str
) -> None:
    result = emit(
        waste, *arguments, "--max-layer", "1GB" if "--max-layer" not in arguments else "0"
    )
    if "--max-layer" in arguments:
        result = emit(waste, *arguments)
    sentence = said(result, 1)
    assert sentence.startswith("a budget is broken: ")
    assert what in sentence
    assert "BROKEN" in result.stdout


def test_a_kept_budget_is_0(waste: str) -> None:
    text = lines(emit(waste, "--max-size", "2MB", "--forbid", "*.pem"))
    assert text[-2:] == [
        "ok     --max-size 2.00 MB: 1.50 MB",
        "ok     --forbid *.pem: no such path",
    ]


def test_growth_is_held_against_a_baseline(waste: str, tmp_path: Path) -> None:
    made = planted()
    made.steps = [*made.steps, Step(by="RUN more", members=[file("more", SIZE)])]
    (tmp_path / "more.tar").write_bytes(laid_out(made, "oci"))
    emit(waste, "-o", "old.json")
    arguments = ("--baseline", "old.json", "--max-growth", "10%")
    assert emit(waste, *arguments).exit_code == 0
    assert "--max-growth 10 %: 13.3 % (1.50 MB to 1.70 MB)" in said(emit("more.tar", *arguments), 1)
    assert "13.3 %" in said(emit(waste, "more.tar", "--max-growth", "10%"), 1)


def test_a_baseline_may_be_the_file_that_is_written(waste: str) -> None:
    emit(waste, "-o", "size.json")
    again = emit(waste, "-o", "size.json", "--baseline", "size.json", "--max-growth", "0")
    assert again.exit_code == 0


def grown(tmp_path: Path) -> None:
    old = [
        Step(by="ADD base /", members=[file("base", 5000)]),
        Step(by="RUN npm ci", members=[file(f"app/node_modules/{n}", 1000) for n in range(5)]),
        Step(by="COPY a /a", members=[file("a", 300)]),
        Step(by="RUN old", members=[file("old", 700)]),
    ]
    new = [
        old[0],
        Step(by="RUN npm ci", members=[file(f"app/node_modules/{n}", 1000) for n in range(50)]),
        Step(by="COPY ab /a", members=[file("a", 350)]),
        Step(by="COPY c /c", members=[file("c", 800)]),
    ]
    for name, steps in (("old", old), ("new", new)):
        (tmp_path / f"{name}.tar").write_bytes(laid_out(Made(steps=steps, tag=f"{name}:1"), "oci"))


def test_two_images_are_compared_by_command_and_path(tmp_path: Path) -> None:
    grown(tmp_path)
    text = lines(emit("old.tar", "new.tar", "--top", "9"))
    sentence = " ".join(text[:2])
    assert (
        "new.tar (new:1) is 45.1 kB bigger than old.tar (old:1): 56.1 kB, was 11.0 kB" in sentence
    )
    assert "1 layer at the bottom the same" in sentence
    start = text.index("What made the difference")
    words = "1. +45.0 kB RUN npm ci (layer 2: 50.0 kB, was 5.00 kB)"
    assert " ".join(text[start + 1].split()) == words
    assert text[start + 2].strip() == "/app/node_modules/ 45.0 kB, 45 files"
    rest = "\n".join(text[start + 3 :])
    assert "COPY c /c  (new layer 4)" in rest
    assert "RUN old  (gone, was layer 4)" in rest
    assert text[text.index("Shrunk") + 1].split() == ["700", "B", "/old"]


def test_an_edited_command_is_not_a_new_one(tmp_path: Path) -> None:
    """Though others beside it come and go."""
    for name, size, more in (("old", 500, "RUN rm -r /x"), ("new", 700, "COPY z /z")):
        steps = [
            Step(by="RUN gone && it is" if name == "old" else "RUN else", members=[]),
            Step(by=f"RUN apk add curl{' jq' * (name == 'new')}", members=[file("a", size)]),
            Step(by=more, members=[file("x", 10)]),
        ]
        (tmp_path / f"{name}.tar").write_bytes(laid_out(Made(steps=steps), "oci"))
    text = lines(emit("old.tar", "new.tar"))
    assert "1.  +200 B  RUN apk add curl jq  (layer 2: 700 B, was 500 B)" in text


def test_a_comparison_has_its_other_forms(tmp_path: Path) -> None:
    grown(tmp_path)
    document = json.loads(emit("old.tar", "new.tar", "--json").stdout)
    assert (document["delta"], document["same_layers"]) == (45_150, 1)
    assert document["changes"][0]["command"] == "RUN npm ci"
    assert document["changes"][0]["delta"] == 45_000
    assert document["after"]["image"]["name"] == "new.tar"
    text = emit("old.tar", "new.tar", "--md", "--top", "1").stdout
    assert "| +45.0 kB | `RUN npm ci` | layer 2: 50.0 kB, was 5.00 kB |" in text
    assert "and 3 more, +150 B" in text


def test_what_is_left_out_of_a_comparison_is_counted(tmp_path: Path) -> None:
    grown(tmp_path)
    assert "and 3 more, +150 B: --top 4" in lines(emit("old.tar", "new.tar", "--top", "1"))


def test_budgets_stand_in_every_form(waste: str) -> None:
    asked = ("--max-size", "1MB", "--max-wasted", "1kB", "--max-pull-size", "2MB")
    result = emit(waste, "--md", *asked)
    assert said(result, 1).startswith("2 budgets are broken: --max-size 1.00 MB: 1.50 MB; --max-w")
    assert "- :x: **broken** `--max-size 1.00 MB`: 1.50 MB\n" in result.stdout
    assert "- :white_check_mark: `--max-pull-size 2.00 MB`: 1.50 MB\n" in result.stdout


def test_many_secrets_are_counted_and_notes_are_in_markdown(tmp_path: Path) -> None:
    members = [file(f"home/{number}/.npmrc", 10) for number in range(30)]
    made = Made(steps=[Step(by="COPY a /", members=members)])
    (tmp_path / "x.tar").write_bytes(laid_out(made, "oci"))
    assert "more: --json has them all" in "\n".join(lines(emit("x.tar")))
    assert emit("x.tar", "--md", "--base", "1").stdout.endswith("The base image is 1 layer (b).\n")


def test_the_archives_other_images_are_told(tmp_path: Path) -> None:
    images = [
        Made(steps=[Step(by="RUN x", members=[file(arch, 9)])], arch=arch, tag="x:1")
        for arch in ("amd64", "arm64", "ppc64le", "riscv64", "s390x")
    ]
    (tmp_path / "x.tar").write_bytes(archive(oci(*images)))
    (tmp_path / "y.tar").write_bytes(archive(oci(*images[:2])))
    text = " ".join(lines(emit("x.tar", "--platform", "amd64")))
    what = "x:1 (linux/arm64), x:1 (linux/ppc64le), x:1 (linux/riscv64) and 1 more"
    assert f"The archive also holds {what}: --platform, --tag." in text
    assert lines(emit("y.tar", "--platform", "arm64"))[-1] == (
        "The archive also holds x:1 (linux/amd64): --platform, --tag."
    )


def test_a_pipe_has_the_name_of_its_image(waste: str) -> None:
    data = Path(waste).read_bytes()
    assert lines(emit("-", stdin=data))[0].startswith("waste:1 linux/amd64: 1.50 MB")
    broken = Made(steps=[Step(by="x", members=[link("a", "nowhere")])])
    text = said(emit("-", stdin=laid_out(broken, "oci")), 2)
    assert text.startswith("stdin: layer 1: the hard link 'a' leads to 'nowhere'")


def test_an_image_is_as_big_as_itself(waste: str) -> None:
    text = lines(emit(waste, waste))
    assert "is as big as" in text[0]
    assert "What made the difference" not in text
    assert "smaller" not in " ".join(text)


@pytest.mark.parametrize("base", ["3", "base.tar"])
def test_the_base_image_is_told_by_number_or_name(base: str, waste: str, tmp_path: Path) -> None:
    made = planted()
    made.steps = made.steps[:3]
    (tmp_path / "base.tar").write_bytes(laid_out(made, "oci"))
    text = lines(emit(waste, "--base", base, "--top", "9"))
    assert "The base image is 3 layers (b); it wastes 200 kB itself." in text
    assert not [line for line in text if "RUN update data (layer 3)" in line]
    marked = [line[:4].strip() for line in text[text.index("Layers") + 2 :] if line[:4].strip()]
    assert marked[:5] == ["1b", "2b", "3b", "4", "5"]


def test_another_image_is_no_base(waste: str, tmp_path: Path) -> None:
    made = Made(steps=[Step(by="RUN x", members=[file("x", 100)])])
    (tmp_path / "x.tar").write_bytes(laid_out(made, "oci"))
    assert "--base x.tar: only 0 of its layers are at the bottom" in said(
        emit(waste, "--base", "x.tar"), 2
    )


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        ((), 2, "missing argument 'IMAGE [NEWER]'"),
        (("a.tar", "b.tar", "c.tar"), 2, "it compares two images, no more"),
        (("nope.tar",), 2, "nope.tar: there is no such file or folder"),
        (("waste.tar", "--json", "--md"), 2, "--json and --md contradict"),
        (("waste.tar", "--platform", "linux/s390x"), 2, "waste.tar: it holds no image of platform"),
        (("waste.tar", "--max-size", "big"), 2, "'big' is no size"),
        (("-", "-"), 2, "- is read once"),
        (("-", "--base", "-"), 2, "- is read once"),
        (("waste.tar", "--base", "11"), 2, "--base 11: the image has 10 layers"),
        (("waste.tar", "--target", "x"), 2, "--target needs -f DOCKERFILE"),
        (("waste.tar", "--build-arg", "A=1"), 2, "--build-arg needs -f DOCKERFILE"),
        (("waste.tar", "--baseline", "x.json"), 2, "--baseline needs --max-growth"),
        (("waste.tar", "--max-growth", "1", "--baseline", "nope.json"), 2, "cannot read nope.json"),
        (("waste.tar", "--top", "-1"), 2, "-1 is not in the range"),
        (("waste.tar", "-o", "nope/x.md"), 1, "cannot write nope/x.md: its folder does not exist"),
    ],
)
def test_a_failure_is_one_sentence_and_writes_nothing(
    arguments: tuple[str, ...], code: int, part: str, waste: str
) -> None:
    result = emit(*arguments)
    assert part in said(result, code)
    assert result.stdout == ""
    assert list(map(str, Path().iterdir())) == [waste]


def process(*arguments: str, stdout: int, stderr: int = subprocess.PIPE) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    command = [sys.executable, "-m", "emit", "layers", *arguments]
    env |= {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    subprocess.run(command, check=True, env=env, stdout=stdout, stderr=stderr, timeout=60)


def test_a_terminal_gets_colour_and_a_bar(waste: str) -> None:
    out_us, out = pty.openpty()
    err_us, err = pty.openpty()
    process(waste, stdout=out, stderr=err)
    for handle in (out, err):
        os.close(handle)
    assert b"\x1b[1m" in os.read(out_us, 4096)
    assert b"waste.tar" in os.read(err_us, 4096)


def test_a_file_gets_neither(waste: str, tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        process(waste, stdout=out.fileno(), stderr=err.fileno())
    assert b"\x1b" not in (tmp_path / "out").read_bytes()
    assert (tmp_path / "err").read_bytes() == b""


def test_a_dockerfile_of_another_image_is_told(waste: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY x /y\n")
    result = emit(waste, "-f", "Dockerfile")
    what = "no layer of the image was made by a line of Dockerfile; is it another's?"
    assert said(result, 0) == what
    assert "Dockerfile" not in result.stdout


def test_help_has_examples_and_exit_codes() -> None:
    text = emit("--help").stdout
    assert text.count("  emit layers ") > 4
    assert "Exit codes: 0 done, 1 a budget is broken" in text


def peak(*layers: bytes) -> tuple[int, int]:
    """The bytes that an image from a pipe has, and the kB of memory that it took to tell."""
    code = (
        "import re, sys; from pathlib import Path; from emit.cli import cli\n"
        "try: cli.main(['layers', '-', '--json'], prog_name='emit')\n"
        "finally:\n"
        "    status = Path('/proc/self/status').read_text()\n"
        "    print(re.search(r'VmHWM:\\s*(\\d+) kB', status)[1], file=sys.stderr)"
    )
    config = Made(steps=[]).config()
    manifest = {"config": descriptor(config), "layers": list(map(descriptor, layers))}
    text = json.dumps(manifest).encode()
    index = json.dumps({"manifests": [descriptor(text)]}).encode()
    blobs = {blob(data): data for data in (*layers, config, text)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=archive(blobs | {"index.json": index}),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return json.loads(done.stdout)["totals"]["stored"], int(done.stderr)


def packed(start: bytes, zeros: int) -> bytes:
    """A layer of one file: its first bytes, then zeros, which are 1000 times smaller as packed."""
    info = tarfile.TarInfo("big")
    info.size = len(start) + zeros
    chunk = gzip.compress(bytes(64 << 20), 1)
    ends = [gzip.compress(part, 0) for part in (info.tobuf() + start, bytes(1024))]
    return ends[0] + chunk * (zeros // (64 << 20)) + ends[1]


def test_memory_does_not_grow_with_the_bytes() -> None:
    stored, taken = peak(packed(b"", 1 << 30))
    assert stored == 1 << 30
    assert taken < 150_000, "kB"


def test_memory_does_not_grow_with_the_number_of_layers() -> None:
    """Each comes in no time and takes long to unpack."""
    start = os.urandom(6 << 20)
    layers = [packed(bytes([number]) + start[1:], 6 << 26) for number in range(30)]
    stored, taken = peak(*layers)
    assert stored == 30 * (6 << 20) + 30 * (6 << 26)
    assert taken < 150_000, "kB"


PLANTED_DOCKERFILE = """\
FROM alpine
RUN fetch data
RUN update data
COPY src /src
RUN make && rm -rf /src
ENV A=1
COPY app /app
ARG NPM_TOKEN
RUN chown -R app /app
RUN apk add make
RUN install one
RUN cp -r /opt/one /opt/two
"""


def test_a_dockerfile_gives_each_command_its_line_and_the_base(waste: str) -> None:
    Path("Dockerfile").write_text(PLANTED_DOCKERFILE)
    text = lines(emit(waste, "-f", "Dockerfile", "--top", "9"))
    joined = " ".join(" ".join(text).split())
    assert "RUN chown -R app /app (layer 7, Dockerfile:9) rewrites what layer 6 stored" in joined
    assert "COPY app /app (layer 6, Dockerfile:7)" in joined
    assert "The base image is 1 layer (b)." in text
    document = json.loads(emit(waste, "-f", "Dockerfile", "--json").stdout)
    sources = [layer["source"] for layer in document["layers"]]
    assert sources[0] is None
    assert sources[1] == {"file": "Dockerfile", "line": 2}
    assert document["image"]["base_layers"] == 1


@pytest.mark.parametrize(
    ("text", "arguments", "code", "part"),
    [
        (None, (), 2, "cannot read Dockerfile"),
        ("FROM a\nRUM x\n", (), 1, "Dockerfile:2: "),
        ("FROM a\n", ("--target", "b"), 2, "Dockerfile has no stage 'b'"),
    ],
)
def test_a_bad_dockerfile_is_one_sentence(
    text: str | None, arguments: tuple[str, ...], code: int, part: str, waste: str
) -> None:
    if text is not None:
        Path("Dockerfile").write_text(text)
    assert part in said(emit(waste, "-f", "Dockerfile", *arguments), code)


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("echo app:1; echo api:2; echo web:3", ["plain,api:2", "plain,app:1"]),
        ("exit 1", []),
        ("", []),
    ],
)
def test_the_shell_completes_the_engines_images(
    script: str, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script:
        (tmp_path / "docker").write_text(
            f'#!/bin/sh\n[ "$1 $2" = "image ls" ] && {{ {script}; }}\n'
        )
        (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if script else str(tmp_path))
    env = {"_EMIT_COMPLETE": "bash_complete", "COMP_WORDS": "emit layers ap", "COMP_CWORD": "2"}
    said = CliRunner().invoke(cli, prog_name="emit", env=env).stdout.splitlines()
    assert said == [*names, "file,ap"]
