import pytest

from emit.inner import inner_scripts
from emit.shell_ast import parse


@pytest.mark.parametrize(
    ("script", "texts"),
    [
        ("CODE='a b'; sh -c \"$CODE\"", ["a b"]),
        ("CODE='a b'; nc -e sh -c \"$CODE\" x", ["a b"]),
        ("CODE='a b'; f() { exec sh -c $CODE; }", ["a b"]),
        ("CODE='a'; CODE='b'; sh -c \"$CODE\"", ["a", "b"]),
        ("CODE='a b'; echo \"$CODE\"", []),
        ('CODE=\'a b\'; sh "$CODE"; bash -c "$CODE"', []),
        ('CODE="a $b"; sh -c "$CODE"', []),
        ("sh -c 'a b'", []),
    ],
)
def test_a_script_within_is_a_quoted_text_that_sh_is_given(script: str, texts: list[str]) -> None:
    found = list(inner_scripts(parse(script)))
    assert [node.value for node in found] == texts
    assert [script[node.start + 1 : node.end - 1] for node in found] == texts
