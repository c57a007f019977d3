"""What is merged, why not more, and how it reads; integration/test_minify.py builds it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emit.cli import cli
from emit.dockerfile import parse, validate
from emit.dockerfile.stages import stage_graph
from emit.errors import DockerfileError
from emit.merge import MergePlan, plan_merge
from emit.merge_report import explain, summary


def plan(
    text: str, *, wrap: bool = False, metadata: bool = False, most: int | None = None
) -> MergePlan:
    dockerfile = parse(text)
    validate(dockerfile)
    return plan_merge(stage_graph(dockerfile), wrap=wrap, metadata=metadata, most=most)


def reasons(*runs: str, head: str = "FROM a\n", wrap: bool = False) -> list[str]:
    text = head + "".join(f"RUN {run}\n" for run in runs)
    return [decision.reason for decision in plan(text, wrap=wrap).decisions]


def emit(*arguments: str, text: str) -> Result:
    return CliRunner().invoke(cli, ["minify", "-f", "-", *arguments], prog_name="emit", input=text)


TEXT = """\
FROM alpine AS base
RUN mkdir /a
# in between

RUN \\
  # of the second
  touch /a/b \\
    /a/c
RUN cd /a && rm b
RUN touch d
COPY a.txt /x/
COPY --link b /x/

COPY --link c \\
  d \\
  /x/
ENV A=1
ENV B=2
"""

MERGED = """\
FROM alpine AS base
RUN mkdir /a \\
# in between
  # of the second
  && touch /a/b \\
    /a/c \\
  && cd /a && rm b
RUN touch d
COPY a.txt /x/
COPY --link b \\
  c \\
  d \\
  /x/
ENV A=1
ENV B=2
"""


def test_lines_stay_comments_stay_and_blank_lines_between_go() -> None:
    assert plan(TEXT).text == MERGED


def test_the_indentation_is_that_of_the_lines_around() -> None:
    text = "FROM a\nRUN mkdir a\nRUN touch b && \\\n  touch c\n"
    assert plan(text).text == "FROM a\nRUN mkdir a \\\n  && touch b && \\\n  touch c\n"


def test_what_is_merged_cannot_be_merged_again() -> None:
    assert plan(MERGED).text == MERGED
    assert plan(MERGED).merges == 0


def test_wrapping_keeps_a_shell_for_what_needs_one() -> None:
    assert plan(TEXT, wrap=True).text.splitlines()[5:8] == [
        "    /a/c \\",
        "  && /bin/sh -c 'cd /a && rm b' \\",
        "  && touch d",
    ]


def test_wrapping_quotes_quotes_over_many_lines() -> None:
    text = "FROM a\nRUN set -e; \\\n\techo 'a' \\\n\t# c\n\t\"it's\"\nRUN exit 1\n"
    assert plan(text, wrap=True).text == (
        "FROM a\nRUN /bin/sh -c 'set -e; \\\n\techo '\\''a'\\'' \\\n\t# c\n\t\"it'\\''s\"' \\\n"
        "\t&& exit 1\n"
    )


def test_crlf_and_a_missing_last_newline_stay() -> None:
    text = "\ufeffFROM a\r\nRUN touch a\r\n\r\nRUN touch b"
    assert plan(text).text == "\ufeffFROM a\r\nRUN touch a \\\r\n    && touch b"


def test_flags_that_are_the_same_stay_with_the_first() -> None:
    text = "FROM a\nRUN --network=none \\\n  touch a\nRUN --network=none touch b\n"
    assert plan(text).text == "FROM a\nRUN --network=none \\\n  touch a \\\n  && touch b\n"


def test_the_shell_of_the_stage_wraps_and_is_handed_down() -> None:
    text = (
        'FROM a AS x\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM x\nRUN cd /\nRUN touch a\n'
    )
    assert "RUN /bin/bash -o pipefail -c 'cd /' \\\n" in plan(text, wrap=True).text
    assert not plan(text, wrap=True).assumed_shell
    assert plan("FROM a\nRUN cd /\nRUN touch a\n", wrap=True).assumed_shell


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("cd /a", "line 2 changes the directory (cd)"),
        ("touch a && cd /a", "line 2 changes the directory (cd)"),
        ("if cd /a; then :; fi", "line 2 changes the directory (cd)"),
        ("set -e; touch a", "line 2 sets options of the shell (set)"),
        ("exit 0", "line 2 ends the shell (exit)"),
        ("exec a", "line 2 ends the shell (exec)"),
        ("export A=1", "line 2 sets a variable (export)"),
        ("A=1", "line 2 sets a variable"),
        ("A=1 :", "line 2 sets a variable"),
        ("echo ${A:=1}", "line 2 sets a variable"),
        ("echo $((A=1))", "line 2 sets a variable"),
        ("echo $((A+=1))", "line 2 sets a variable"),
        ("echo $((A++))", "line 2 sets a variable"),
        ("for i in 1; do :; done", "line 2 sets a variable"),
        ("read A </etc/x", "line 2 sets a variable (read)"),
        ("printf -v A x", "line 2 sets a variable"),
        ("umask 077", "line 2 sets what new files or processes get (umask)"),
        ("trap x EXIT", "line 2 sets a trap (trap)"),
        ("alias a=b", "line 2 changes what a word runs (alias)"),
        ("f() { :; }", "line 2 defines a function"),
        ("eval x", "line 2 runs text that cannot be seen (eval)"),
        (". /etc/profile", "line 2 runs text that cannot be seen (.)"),
        ("command cd /", "line 2 runs a command by another (command)"),
        ('"cd" /', "line 2 changes the directory (cd)"),
        ("$X /", "line 2 runs a command that only the shell can name"),
        ("c[d] /", "line 2 runs a command that only the shell can name"),
        ("\\cd /", "line 2 runs a command that only the shell can name"),
        ("touch a # b", "line 2 ends in a comment"),
        ("ln -sf /bin/bash /bin/sh", "line 2 may replace the shell itself"),
        ("dpkg-reconfigure dash", "line 2 may replace the shell itself"),
        ("apk add dash-binsh", "line 2 may replace the shell itself"),
        ("ln -s $A /b", "line 2 may replace the shell itself"),
        ("a <(b)", "line 2 cannot be read as posix shell"),
        ("a & wait", "line 2 leaves a process in the background, which the end of its RUN ends"),
        ("(a &)", "line 2 leaves a process in the background, which the end of its RUN ends"),
        ("echo $$", "line 2 asks for $$, which is another in a shared RUN"),
        ("echo ${PPID}", "line 2 asks for $PPID, which is another in a shared RUN"),
        ("touch /dev/shm/a", "line 2 names /dev, which is made anew for each RUN"),
        ("ls /dev", "line 2 names /dev, which is made anew for each RUN"),
        ('["a", "b"]', "line 2 is in exec form, which no shell runs"),
        ('["a", "b"] c', "line 2 is in exec form, which no shell runs"),
        ("<<E\nE", "line 2 has a here-document"),
        ("--network=none a", "their flags differ, and would cover both"),
        ("pip install x; pip list", "both run pip, which the shell would look for only once"),
        ("tar x; apk add tar", "both run tar, which the shell would look for only once"),
        ("ls; apk add coreutils; tar", "both run tar, which the shell would look for only once"),
    ],
)
def test_what_cannot_stand_on_the_left(first: str, reason: str) -> None:
    assert reasons(first, "pip x | tar y") == [reason]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("a || true", "line 3 has || at its top"),
        ("a && b || c && d", "line 3 has || at its top"),
        ("a; b", "line 3 has more than one command (;)"),
        ("# nothing", "line 3 is empty"),
        ("", "line 3 is empty"),
        ("if", "line 3 cannot be read as posix shell"),
    ],
)
def test_what_cannot_stand_on_the_right(second: str, reason: str) -> None:
    assert reasons("touch a", second) == [reason]


@pytest.mark.parametrize(
    "first",
    [
        "a; b",
        "a || b",
        "(cd /a && A=1; exit 1)",
        "echo $(cd /a; pwd)",
        "A=1 b",
        "a | b",
        "! a",
        "if a; then b; fi",
        "case $A in b) c ;; esac",
        "while a; do b; done",
        "a 2>&1 >/dev/null",
        "echo $((1 + 2)) ${A:-b}",
        "command -v a",
        "[ -e a ]",
        "apk add a && rm -rf /var/cache/apk/*",
    ],
)
def test_what_can_stand_on_the_left(first: str) -> None:
    assert plan(f"FROM x\nRUN {first}\nRUN y && z\n").merges == 1


@pytest.mark.parametrize(
    "second",
    ["cd /a && b", "a && exit 0", "export A=1 && b", "a | b && ! c", "(a; b) && { c || d; }"],
)
def test_what_can_stand_on_the_right(second: str) -> None:
    assert plan(f"FROM x\nRUN y\nRUN {second}\n").merges == 1


@pytest.mark.parametrize(
    ("head", "first", "said"),
    [
        ("WORKDIR /app\n", "rm -rf /app", True),
        ("WORKDIR /app\n", "rm -rf /ap*", True),
        ("WORKDIR /app/src\n", "mv /app /b", True),
        ("WORKDIR /app\nWORKDIR src\n", "rm -r /app/", True),
        ("WORKDIR /app\n", "rm -rf ../app", True),
        ("WORKDIR /app\n", 'rm -rf "$A"', True),
        ("WORKDIR /app\n", "(cd / && rm -rf app)", True),
        ("WORKDIR $A\n", "rm -rf /x", True),
        ("WORKDIR /app\n", "rm -rf /var/cache/* b -- c", False),
        ("WORKDIR /app\n", "rm -rf /app/x /application", False),
        ("", "rm -rf /app", False),
    ],
)
def test_the_directory_of_the_next_run_is_not_taken_away(head: str, first: str, said: bool) -> None:  # noqa: FBT001
    (reason,) = reasons(first, "a", head=f"FROM x\n{head}")
    assert ("may remove" in reason) == said
    (reason,) = reasons(first, "a", head=f"FROM x\n{head}", wrap=True)
    assert ("may remove" in reason) == said


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ('FROM a\nSHELL ["pwsh", "-c"]\n', "their shell is not a POSIX shell"),
        ('FROM a\nSHELL ["/bin/sh"]\n', "their shell is not a POSIX shell"),
        ("FROM mcr.microsoft.com/windows/nanoserver\n", "their shell is not a POSIX shell"),
        ("# escape=`\nFROM a\n", "their shell is not a POSIX shell"),
        ('FROM a\nSHELL ["bash", "--login", "-c"]\n', "each shell reads its start-up files again"),
        ("FROM a\nENV BASH_ENV=/x\n", "each shell reads its start-up files again"),
        (
            'FROM a AS b\nONBUILD SHELL ["sh", "-lc"]\nFROM b\n',
            "each shell reads its start-up files again",
        ),
    ],
)
def test_the_shell_of_the_stage_decides(head: str, reason: str) -> None:
    assert reasons("a", "b", head=head) == [reason]


def test_under_set_e_nothing_compound_stands_on_the_left() -> None:
    head = 'FROM a\nSHELL ["/bin/bash", "-euo", "pipefail", "-c"]\n'
    assert reasons("(a; b)", "c", head=head)[0].endswith("&& would switch off the -e of its shell")
    assert reasons("a; b", "c", head=head) == ["one layer less"]


def test_bash_is_read_as_bash() -> None:
    head = 'FROM a\nSHELL ["/bin/bash", "-c"]\n'
    assert reasons("[[ a == b ]] && c <(d)", "e", head=head) == ["one layer less"]


@pytest.mark.parametrize(
    ("flags", "merges"),
    [
        ("--mount=type=cache,target=/c", 1),
        ("--mount=type=secret,id=x", 1),
        ("--mount=source=x,target=/x", 1),
        ("--mount=type=bind,source=x,target=/x,rw", 0),
        ("--mount=type=tmpfs,target=/x", 0),
        ("--mount=type=$TYPE,target=/x", 0),
    ],
)
def test_mounts_that_keep_what_is_written_can_be_shared(flags: str, merges: int) -> None:
    for wrap in (False, True):
        assert plan(f"FROM a\nRUN {flags} b\nRUN {flags} c\n", wrap=wrap).merges == merges


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("a /x/", "b /x/", "one layer less"),
        ("a .", "b .", "one layer less"),
        ("a /x", "b /x", "/x is not said to be a directory; end it in /"),
        ("a /x/", "b /y/", "their destinations differ"),
        ("--link a /x/", "b /x/", "their flags differ"),
        ('["a", "/x/"]', '["b", "/x/"]', "line 2 is a JSON array"),
        ("<<E /x/\nE", "b /x/", "line 2 has a here-document"),
    ],
)
def test_copies(first: str, second: str, reason: str) -> None:
    found = plan(f"FROM a\nCOPY {first}\nCOPY {second}\n")
    assert [decision.reason for decision in found.decisions] == [reason]


def test_a_copy_over_many_lines_loses_its_destination_and_no_more() -> None:
    text = "FROM a\nCOPY b \\\n  # c\n  /x/\nCOPY \\\n  d \\\n  /x/\nCOPY e /x/\n"
    assert plan(text).text == "FROM a\nCOPY b \\\n    d \\\n    e /x/\n".replace("    ", "  ")


def test_adds_and_other_keywords_between_stay_apart() -> None:
    assert [d.reason for d in plan("FROM a\nADD b /x/\nADD c /x/\n").decisions] == [
        "ADD unpacks and downloads; each keeps its own"
    ]
    assert plan("FROM a\nRUN b\nUSER c\nRUN d\nARG e\nRUN f\nFROM a\nRUN g\n").decisions == ()


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("ENV A=1", "ENV B=2", "no layer less"),
        ("ENV A=1", "ENV B=${A-x}", "line 3 uses what line 2 sets"),
        ("ENV A=1", 'ENV B="${B:-$A}"', "line 3 uses what line 2 sets"),
        ("ENV A=1", "ENV A=2", "they set the same name"),
        ("ENV A 1", "ENV B=2", "line 2 is written as NAME VALUE"),
        ("ENV A=1", "ENV $A=2", "a name is quoted or has a variable in it"),
        ("ENV A=1", "ENV B=${", "line 3 cannot be expanded"),
        ("LABEL a.b=1", "LABEL c=$a", "no layer less"),
        ('LABEL "a"=1', "LABEL c=d", "a name is quoted or has a variable in it"),
    ],
)
def test_metadata_is_merged_when_asked_for(first: str, second: str, reason: str) -> None:
    text = f"FROM a\n{first}\n{second}\n"
    assert plan(text).decisions == ()
    assert [decision.reason for decision in plan(text, metadata=True).decisions] == [reason]


def test_a_third_env_may_not_use_the_first() -> None:
    found = plan("FROM a\nENV A=1\nENV B=2\nENV C=$A\n", metadata=True)
    assert found.text == "FROM a\nENV A=1 \\\n    B=2\nENV C=$A\n"


FIVE = "FROM a AS x\nRUN a\nRUN b\nRUN rm -rf /c\nFROM x AS y\nRUN d\nRUN e\n"


def test_no_more_is_merged_than_asked_for_and_what_shrinks_comes_first() -> None:
    merged = [d.line for d in plan(FIVE, most=4).decisions if d.merged]
    assert merged == [3]
    assert plan(FIVE, most=5).text == FIVE
    assert [(row.before, row.after) for row in plan(FIVE, most=2).layers] == [(3, 1), (5, 2)]
    reasons = [decision.reason for decision in plan(FIVE, most=4).decisions]
    assert reasons.count("not needed to have so few layers") == 2


def test_too_few_merges_are_an_error() -> None:
    with pytest.raises(DockerfileError, match="Dockerfile:5: y has 2 layers of its own after all"):
        plan(FIVE, most=1)


def test_layers_count_the_stages_below() -> None:
    layers = plan(FIVE).layers
    assert [(row.stage, row.before, row.after) for row in layers] == [("x", 3, 1), ("y", 5, 2)]


def test_the_report_says_what_it_saves_and_costs() -> None:
    text = explain(plan(TEXT))
    assert text.startswith("Dockerfile:2+5    RUN   merged: one layer less\n")
    assert "merged: one layer less, and fewer bytes if it removes what the first one made\n" in text
    assert "Dockerfile:9+10   RUN   kept apart: line 9 changes the directory (cd)\n" in text
    assert "base 7 layers -> 4; a merged RUN or COPY is one cache key" in text
    assert summary(plan("FROM a\n")) == "Dockerfile: nothing to merge"
    env = plan("FROM a\nENV A=1\nENV B=2\n", metadata=True)
    assert summary(env) == "Dockerfile: 1 merge"


def test_the_command_writes_the_text_and_says_what_it_did() -> None:
    result = emit(text=TEXT)
    assert (result.exit_code, result.stdout) == (0, MERGED)
    assert result.stderr.startswith("emit: <stdin>: 3 merges; base 7 layers -> 4; a merged")
    assert result.stderr.count("\n") == 1


def test_the_command_can_write_in_place(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(TEXT, encoding="utf-8")
    assert emit("-f", str(file), "-o", str(file), text="").exit_code == 0
    assert file.read_text(encoding="utf-8") == MERGED


def test_check_fails_while_there_is_something_to_merge() -> None:
    result = emit("--check", text=TEXT)
    assert result.exit_code == 1
    assert "+  && touch /a/b \\\n" in result.stdout
    assert result.stderr.endswith("runs all of it again\n")
    again = emit("--check", text=MERGED)
    assert (again.exit_code, again.output) == (0, "")


def test_check_names_the_command_that_mends_a_file(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(TEXT, encoding="utf-8")
    result = emit("--check", "-f", str(file), text="")
    assert result.stderr.endswith(f"; run the same with -o {file}\n")


def test_diff_explain_and_json_write_no_product() -> None:
    diff = emit("--diff", text=TEXT)
    assert (diff.exit_code, diff.stdout[:15], diff.stderr) == (0, "--- <stdin>\n+++", "")
    assert emit("--explain", "--wrap", text=TEXT).stdout.count("merged: ") == 4
    told = json.loads(emit("--json", text=TEXT).stdout)
    assert (told["text"], told["layers"][0]) == (
        MERGED,
        {"stage": "base", "before": 7, "after": 4},
    )


def test_options_reach_the_plan() -> None:
    assert "ENV A=1 \\\n    B=2\n" in emit("--metadata", text=TEXT).stdout
    result = emit("--max-layers", "2", text=TEXT)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "emit: <stdin>:1: base has 4 layers of its own" in result.stderr


#: Pieces of which commands are made, so that quotes, escapes and joins meet.
PIECES = [
    *("touch a", "cd /x", "a || b", "set -e", "#", " ", "'", '"', "\\", ";", "&&", "|", "&"),
    *("\\\n", "\\\n  # c\n  ", "$x", "$(", ")", "`", "<<", "<<E", "--x ", "[", '"]', "{ a; }"),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=2, max_size=4))
def test_whatever_is_merged_reads_as_planned(commands: list[str]) -> None:
    text = "FROM a\n" + "".join(f"RUN {command}\n" for command in commands)
    try:
        dockerfile = parse(text)
        validate(dockerfile)
        graph = stage_graph(dockerfile)
    except DockerfileError:
        return
    for wrap in (False, True):
        found = plan_merge(graph, wrap=wrap)
        kept = len(parse(found.text).instructions)
        assert kept == len(dockerfile.instructions) - found.merges
