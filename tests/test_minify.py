import subprocess

import pytest

from emit import external
from emit.check import check
from emit.errors import ToolError
from emit.minify import minify
from tests.variants import NAMED, READERS, minified

TITLE = "rget.sh 1.0, core"

SCRIPT = """\
#!/bin/sh
# Says what it was given, in every way a name can be used.
set -eu

GREETING='héllo'
LEVEL=${LEVEL:-3}
# for another shell
INNER='
repeat() { # TEXT COUNT
	count=$2
	while [ "$count" -gt 0 ]; do
		echo "$1"
		count=$((count - 1))
	done
}
repeat "$greeting" "$1"
'

# at EXIT
finish() {
	status=$?
	trap - EXIT
	say "finished with $status at level $LEVEL"
	exit "$status"
}

say() {
	printf '%s\\n' "$1"
}

sum() ( # in a process of its own
	total=0
	for number in "$@"; do
		total=$((total + number))
	done
	say "$total"
)

main() {
	trap 'finish' EXIT
	trap 'say "$(sum 4 "$total")"; exit 3' USR1
	total=9 first='' rest=
	while getopts 'ab:' option; do
		case $option in
		a) first=$option ;;
		b) rest=$OPTARG ;;
		*) exit 2 ;;
		esac
	done
	cat <<TEXT
$GREETING ${first:+first} ${rest#x} $((total * 2)) total
TEXT
	printf 'one two\\n' | while read -r left right; do say "$right $left"; done
	EXPORTED=$GREETING sh -c 'echo "$EXPORTED"'
	greeting=$GREETING
	export greeting
	nice sh -c "$INNER" sh "$total"
	sum 1 2 "${total%"$first"}"
	[ -z "$rest" ] || kill -s USR1 "$$"
	false
}

main "$@"
"""


def run(shell: list[str], script: str, *arguments: str) -> tuple[int, bytes]:
    done = subprocess.run(
        [*shell, "-c", script, "sh", *arguments], capture_output=True, check=False, timeout=20
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
@pytest.mark.parametrize("arguments", [(), ("-a",), ("-b", "xyz"), ("-c",)], ids=str)
def test_the_short_form_does_the_same(reader: list[str], arguments: tuple[str, ...]) -> None:
    shell = reader[:-1]
    long = run(shell, SCRIPT, *arguments)
    assert long == run(shell, minify(SCRIPT, TITLE), *arguments)
    assert b"finished with" in long[1], "the script ran to its end"


def test_it_is_shorter_and_says_what_it_is() -> None:
    short = minify(SCRIPT, TITLE)
    assert len(short) < 0.75 * len(SCRIPT)
    lines = short.splitlines()
    assert lines[:2] == ["#!/bin/sh", f"# {TITLE}"]
    assert [line for line in lines[2:] if line.startswith("#")] == []
    assert check(short, minified=True) == []


def test_the_most_used_name_is_the_shortest_and_ties_go_by_place() -> None:
    short = minify("#!/bin/sh\nrare=1 tie=2 often=3\necho $often $often $rare $tie\n", TITLE)
    assert short.splitlines()[2:] == ["b=1 c=2 a=3", "echo $a $a $b $c"]


def test_a_short_name_is_never_one_that_has_a_meaning() -> None:
    short = minify("#!/bin/sh\nmine=1\nhelp() { :; }\nhelp\na $a $mine\n", TITLE)
    assert short.splitlines()[2:] == ["b=1", "b(){ :;}", "b", "a $a $b"]


def test_after_the_letters_come_pairs_and_no_reserved_word() -> None:
    names = [f"name{number}" for number in range(800)]
    functions = "".join(f"{name}() {{ :; }}\n" for name in names)
    short = minify(f"#!/bin/sh\n{functions}" + "\n".join(names) + "\n", TITLE)
    called = short.splitlines()[-800:]
    assert called[:2] == ["a", "b"]
    assert called[51:53] == ["Z", "aa"]
    assert not {"do", "fi", "if", "in"} & {*called}
    assert len({*called}) == 800
    assert external.syntax_error(short) is None


def test_it_is_the_same_each_time() -> None:
    assert minify(SCRIPT, TITLE) == minify(SCRIPT, TITLE)


def test_a_script_within_is_short_too() -> None:
    script = "#!/bin/sh\nexport theirs\nmine=1\nCODE='\nhere=$theirs\n\techo $here $mine\n'\n"
    short = minify(script + 'CODE=$CODE\nnice sh -c "$CODE"\n', TITLE)
    assert "='c=$theirs\necho $c $b'\n" in short


def test_a_script_within_may_change_what_it_was_given() -> None:
    script = "#!/bin/sh\nexport given\nCODE='\ngiven=${given%x}\necho $given\n'\n"
    short = minify(script + 'nice sh -c "$CODE"\n', TITLE)
    assert "='given=${given%x}\necho $given'\n" in short


def test_a_text_that_is_not_run_stays_as_it_is() -> None:
    script = '#!/bin/sh\nTEXT=\'\n\there=1  # not code\n\'\necho "$TEXT"\nsh -c "$1"\n'
    assert "'\n\there=1  # not code\n'" in minify(script, TITLE)


@pytest.mark.parametrize("sum_", ["1 - -1", "1 + +1", "x - -y"])
def test_signs_that_shfmt_would_join_are_refused(sum_: str) -> None:
    with pytest.raises(ToolError, match="shfmt failed"):
        minify(f"#!/bin/sh\nx=1 y=2\necho $(({sum_}))\n", TITLE)


def test_without_shfmt_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "find", lambda _name: None)
    with pytest.raises(ToolError, match="--minify needs shfmt: pip install shfmt-py"):
        minify(SCRIPT, TITLE)


@pytest.mark.parametrize(("name", "limit"), [("lean", 5600), ("all", 8880)])
def test_a_named_variant_fits_where_it_is_pasted(name: str, limit: int) -> None:
    assert len(minified(NAMED[name]).encode()) <= limit


@pytest.mark.parametrize("name", NAMED)
def test_a_short_named_variant_is_clean(name: str) -> None:
    assert external.find("shellcheck") is not None, "tools/setup brings it"
    assert check(minified(NAMED[name]), minified=True) == []
