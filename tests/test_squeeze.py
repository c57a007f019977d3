import subprocess

import pytest

from emit.shell_ast import parse
from emit.squeeze import squeeze
from tests.variants import READERS


def squeezed(script: str) -> str:
    text = script.encode()
    for start, end, new in sorted(squeeze(text, parse(script)))[::-1]:
        text = text[:start] + new.encode() + text[end:]
    return text.decode()


@pytest.mark.parametrize(
    ("script", "short"),
    [
        ("x='' y=\"\"", "x= y="),
        ("x=$(((1 + 2) * 3 ? -1 : 4))", "x=$(((1+2)*3?-1:4))"),
        ("x=$((1 + $((2 - 1))))", "x=$((1 + $((2-1))))"),
        ('[ "$((1 + 1))" -eq "$#" ]', "[ $((1+1)) -eq $# ]"),
        ('echo "$?" "$$"', "echo $? $$"),
        ("echo x >f", "echo x>f"),
        ('cat "$x" <f', 'cat "$x"<f'),
        ("{ :; } >f", "{ :; }>f"),
        ("cat é <<E\né\nE", "cat é<<E\né\nE"),
        ('[ -n "$x" ]', '[ "$x" ]'),
        ('[ -z "$x" ] || y\n[ -z "$x" ] || y', '[ "$x" ] && y\n[ -z "$x" ] || y'),
        ("trap 'exit' HUP INT TERM EXIT", "trap 'exit' 1 2 15 EXIT"),
        ('kill -s 0 "$x"', 'kill -0 "$x"'),
        ("{ a && b; } || c", "a && b || c"),
        ("case $x in\na) b\n;;\nc) ;;\nesac", "case $x in\na) b;;c) ;;esac"),
    ],
)
def test_what_no_shell_needs_goes(script: str, short: str) -> None:
    assert squeezed(script + "\n") == short + "\n"


@pytest.mark.parametrize(
    "script",
    [
        "x=''a",
        "x=' '",
        "echo '' \"\"",
        "x=$((1 - -1))",
        "x=$((1 + +1))",
        "x=$(($(echo 1 2) + 1))",
        "x=$((${y:-1 } + 1))",
        'echo "$((1))$x"',
        'echo "$@" "$!" "$1" "$*"',
        'echo "${#x}" "${?#1}"',
        "echo 2 >f",
        '[ -n "$x" -a y ]',
        "echo TERM",
        "kill -s TERM 1",
        "echo x 2>f",
        "a || { b && c; }",
        "{ a && b; } 2>f || c",
        "{ a; b && c; } || d",
        "{ a && b & } || c",
        "! { a && b; } || c",
        "{ a | b; } || c",
    ],
)
def test_what_has_a_meaning_stays(script: str) -> None:
    assert squeezed(script + "\n") == script + "\n"


def test_quotes_of_a_number_stay_where_ifs_may_split_it() -> None:
    assert squeezed('IFS=1; echo "$((1))"\n') == 'IFS=1; echo "$((1))"\n'
    assert squeezed('IFS= read -r x; echo "$((1))"\n') == "IFS= read -r x; echo $((1))\n"


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_the_shells_agree_that_nothing_changed(reader: list[str]) -> None:
    script = 'x=\'\'; echo a1 >&2; echo "[$x]" "$((7 - (2 - -1)))" "$#" "$?" >&1\n'
    before, after = (
        subprocess.run([*reader[:-1], "-c", text], capture_output=True, check=True)
        for text in (script, squeezed(script))
    )
    assert (before.stdout, before.stderr) == (after.stdout, after.stderr)
    assert before.stdout == b"[] 4 0 0\n"
