import pytest

from emit.collect import collect
from emit.errors import ToolError
from emit.shell_ast import parse


@pytest.mark.parametrize(
    ("script", "own"),
    [
        ('x=1; echo $x ${x} ${x#a} "$x"', {"x": 5}),
        ("x=1; echo '$x' \\$x", {"x": 1}),
        ("x=1; y=$((x + -x * (x)))", {"x": 4, "y": 1}),
        ("x=1; y=$(($x + $((x))))", {"x": 3, "y": 1}),
        ("read -r x y; echo $y", {"x": 1, "y": 2}),
        ("IFS= read -r x; echo $x", {"x": 2}),
        ("for x in x $x; do :; done", {"x": 2}),
        ("while getopts ab x; do echo $x $OPTARG; done", {"x": 2}),
        ("local x y=$x", {"x": 2, "y": 1}),
        ("readonly x=1", {"x": 1}),
        ("x=1; unset x", {"x": 2}),
        ("x=1; cat <<E\n$x é ${x}\nE\necho $x", {"x": 4}),
        ("x=1; cat <<'E'\n$x\nE\n", {"x": 1}),
        ("x=1; y=$(echo $(echo $x))", {"x": 2, "y": 1}),
        ('x=1; trap \'echo "$x"; trap "" INT; trap - EXIT\' EXIT', {"x": 2}),
        ("x=1; trap 'a=$(trap -)' EXIT; echo $x", {"x": 2, "a": 1}),
        ("x=1; sh -c 'echo $x'", {"x": 1}),
        # the caller's, the shell's, another program's
        ("echo $x $1 $# $@ $?", {}),
        ("x=${x:-1}", {}),
        ("x=${x-1}", {}),
        ("x=${x:-1}; f() { x=2; }", {}),
        ("f() { x=${x:-1}; }", {}),
        ("f() { x=${x:-1}; }; x=", {"x": 3}),
        ("x=${y:-1}; y=2", {"x": 1, "y": 2}),
        (': "${x:=1}"; x=2', {}),
        ("export x; x=1", {}),
        ("export x=1", {}),
        ("x=1 sort; x=2", {}),
        ("IFS=:; PATH=/bin; OPTIND=1; TMPDIR=/; http_proxy=", {}),
    ],
)
def test_variables_of_the_script_itself(script: str, own: dict[str, int]) -> None:
    found = collect(parse(script)).own_variables()
    assert {name: len(places) for name, places in found.items()} == own
    text = script.encode()
    for name, places in found.items():
        assert all(text[at : at + len(name)] == name.encode() for at in places)
        assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("script", "own"),
    [
        ("f() { :; }; f; x=$(f)", {"f": 3}),
        ("f() { :; }; trap f EXIT; trap 'f; f' INT", {"f": 4}),
        ("f() ( f ); f | f && ! f || f &", {"f": 6}),
        ("f() { :; }; f=1; echo $f", {"f": 1}),
        ("g", {}),
        # a name that is passed on, or matched, is data
        ("f() { :; }; run f", {}),
        ('f() { :; }; set -- f; "$@"', {}),
        ("f() { :; }; case $1 in f) f ;; esac", {}),
        ("f() { :; }; x=f; $x", {}),
        ("f() { :; }; x='f'; $x", {}),
        ('f() { :; }; x=${1:-"f"}; $x', {}),
        ("f() { :; }; for x in f g; do $x; done", {}),
        ("f() { :; }; read -r f; f 'no f'", {"f": 2}),
        ('f() { :; }; "$x" f', {}),
    ],
)
def test_functions_that_may_have_another_name(script: str, own: dict[str, int]) -> None:
    found = collect(parse(script)).own_functions()
    assert {name: len(places) for name, places in found.items()} == own


def test_a_trap_that_is_put_together_is_refused() -> None:
    with pytest.raises(ToolError, match="cannot minify a trap whose action is not in single"):
        collect(parse('x=1; trap "echo $x" EXIT'))


def test_what_shfmt_cannot_read_is_said() -> None:
    with pytest.raises(ToolError, match=r"shfmt failed: .*1:1"):
        collect(parse("if"))
