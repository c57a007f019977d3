import shutil

import pytest

from emit import check as check_module
from emit import external
from emit.check import Finding, check, require
from emit.errors import BugError, ToolError

GOOD = """\
#!/bin/sh
# No awk here, and no eval.
set -eu

SIZE=4
URL='x'

say() {
	printf '%s\\n' "$1" >&2
}

main() {
	say "$URL $((SIZE + 1)) retrieval hawk"
}

main "$@"
"""


def messages(script: str, *, minified: bool = False) -> list[str]:
    return [str(finding) for finding in check(script, minified=minified)]


def test_a_good_script_has_no_finding() -> None:
    assert check(GOOD) == []
    require(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("set -eu\n", "set -eu \n", "line 3: ends in a blank"),
        ("set -eu\n", "set -eu\n\t\n", "line 4: ends in a blank"),
        ("set -eu\n\n", "set -eu\n\n\n", "line 5: is a second blank line"),
        ("\tsay", "    say", "line 13: is indented by a space"),
        ("\tsay", "\t  say", "line 13: is indented by a space"),
        ("# No", "# " + 77 * "x" + "\n# No", None),
        ("# No", "# " + 79 * "x" + "\n# No", "line 2: is wider than 80 columns"),
        ("\tsay", "\t# " + 75 * "x" + "\n\tsay", "line 13: is wider than 80 columns"),
        ('main "$@"\n', 'main "$@"', "the last line has no newline"),
        ('main "$@"\n', 'main "$@"\n:\n', 'the last line is not main "$@"'),
        ('main "$@"\n', 'main "$1"\n', 'the last line is not main "$@"'),
        ("\tsay", "\teval x\n\tsay", "line 13: uses eval, which runs data as code"),
        ("\tsay", "\tx=$(awk 1)\n\tsay", "line 13: uses awk, which computes"),
        ("main() {", "unused() {\n\t:\n}\n\nmain() {", "line 12: defines unused, which nothing"),
        ("main() {", "loop() (\n\tloop2\n)\n\nmain() {", "line 12: defines loop, which nothing"),
        ("\tsay", "\t# say it\n\techo", "line 8: defines say, which nothing calls"),
        ("SIZE=4\n", "SIZE=4\nOTHER=5\n", "line 6: sets OTHER, which nothing reads"),
        ("$URL", "URL", "line 6: sets URL, which nothing reads"),
        ("$((SIZE + 1))", "", "line 5: sets SIZE, which nothing reads"),
        ("\tsay", "\tif\n\tsay", "sh cannot read it: "),
    ],
)
def test_a_broken_rule_is_found_where_it_is(old: str, new: str, finding: str | None) -> None:
    assert old in GOOD
    found = messages(GOOD.replace(old, new, 1))
    if finding is None:
        assert found == []
    else:
        assert any(message.startswith(finding) for message in found), found


def test_a_minified_script_may_be_wide_but_nothing_else() -> None:
    wide = GOOD.replace("\tsay", "    say " + 90 * "x")
    assert messages(wide, minified=True) == []
    assert messages(wide.replace("set -eu", "eval x"), minified=True) != []


def test_a_bug_says_what_and_where_and_that_nothing_was_written() -> None:
    with pytest.raises(BugError) as caught:
        require(GOOD.replace("set -eu", "eval x \neval y"))
    assert str(caught.value) == (
        "the script breaks a rule of the house, line 3: ends in a blank (and 2 more); "
        "nothing was written, and this is a bug in emit: please report it"
    )
    assert caught.value.exit_code == 70


def test_shellcheck_is_asked_for_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    script = GOOD.replace("\tsay", "\t[ 1 -eq]\n\tsay").replace("set -eu", "x=$1; echo $x")
    monkeypatch.setattr(check_module, "syntax_error", lambda _script: None)
    found = messages(script)
    assert found, "a bracket without a blank is an error"
    assert all(": error: " in message for message in found), "an unquoted $x is none"


@pytest.mark.parametrize("missing", ["sh", "shellcheck"])
def test_without_a_program_its_check_is_left_out(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(
        external, "find", lambda name: None if name == missing else shutil.which(name)
    )
    assert check(GOOD) == []


def test_a_program_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "find", lambda _name: "/nonexistent/sh")
    with pytest.raises(ToolError, match="cannot run /nonexistent/sh"):
        check(GOOD)


def test_a_finding_of_no_line_reads_without_one() -> None:
    assert str(Finding(line=0, message="it")) == "it"
