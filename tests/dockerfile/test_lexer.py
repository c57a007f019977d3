"""Expansion and words; BuildKit's own tables are measured by tools/buildkit.py."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emit.dockerfile.glob import replace, trim_prefix, trim_suffix
from emit.dockerfile.lexer import Lexer, LexError

ENV = {"A": "one", "EMPTY": "", "PATH": "/usr/local/bin", "V": "v1.2.3"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$A ${A} '$A' \"$A\" \\$A", "one one $A one $A"),
        ("$NO|${NO}|${NO-x}|${NO:-x$A}", "||x|xone"),
        ("${EMPTY-x}|${EMPTY:-x}|${EMPTY+x}|${EMPTY:+x}", "|x|x|"),
        ("${V#v}|${V%.*}|${V%%.*}|${V##*.}", "1.2.3|v1.2|v1|3"),
        ("${PATH#*/}|${PATH##*/}|${PATH%/*}", "usr/local/bin|bin|/usr/local"),
        ("${V/./-}|${V//./-}|${V//?.//}", "v1-2.3|v1-2-3|v//3"),
        ("$1x $@ $- $.", "x   $."),
        ('"a\\"b" "a\\nb" \'a\\nb\' a\\nb', 'a"b a\\nb a\\nb anb'),
    ],
)
def test_variables_and_quotes(text: str, result: str) -> None:
    assert Lexer().expand(text, ENV).result == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'a", "single quote"),
        ('"a', "double quote"),
        ("${", "missing '}'"),
        ("${}", "bad substitution"),
        ("${A", "unsupported modifier"),
        ("${A:-x", "missing '}'"),
        ("${A:#x}", "unsupported modifier"),
        ("${A^}", "unsupported modifier"),
        ("${NO?gone}", "NO: gone"),
        ("${EMPTY:?}", "EMPTY: is not allowed to be empty"),
        ("${V#\\x}", "invalid pattern"),
        ("${V/\\x/y}", "invalid pattern"),
        ("${V//?.}", "missing '/'"),
        ("${A:-'}", "missing '}'"),
        ("${a:-" * 200, "more than 100 deep"),
    ],
)
def test_what_is_not_well_formed_is_refused(text: str, message: str) -> None:
    with pytest.raises(LexError, match=message):
        Lexer().expand(text, ENV)


def test_the_names_that_were_asked_for_are_told() -> None:
    found = Lexer().expand("$A ${NO:-${V}} '$EMPTY'", ENV)
    assert (found.matched, found.unmatched) == (frozenset({"A", "V"}), frozenset({"NO"}))


def test_words_split_at_blanks_that_are_not_quoted() -> None:
    assert Lexer().expand("a 'b c' d\\ e ${X:-f g} \"\"", {}).words == ("a", "b c", "d e", "f", "g")


def test_quotes_escapes_and_unset_names_can_be_kept() -> None:
    keeping = Lexer(raw_quotes=True, raw_escapes=True, keep_unset=True)
    text = '\'a\' "b\\"" \\c $d ${e} ${f:-g} ${h/i/j} <<  k'
    assert keeping.expand(text, {}).result == text


def test_variables_that_double_themselves_do_not_fill_memory() -> None:
    env = {"A": "x" * 2**16}
    with pytest.raises(LexError, match="become more than 1048576 characters"):
        Lexer().expand('"$A$A"' * 100, env)


@pytest.mark.parametrize(
    ("pattern", "value", "new", "everywhere", "result"),
    [
        ("a*b", "xaabbab", "-", False, "x-"),
        ("?", "abc", "-", True, "---"),
        ("", "abc", "-", True, "-a-b-c-"),
        ("*", "abc", "-", True, "-"),
        ("\\*", "a*b", "-", True, "a-b"),
        ("z", "abc", "-", False, "abc"),
    ],
)
def test_replacing(*, pattern: str, value: str, new: str, everywhere: bool, result: str) -> None:
    assert replace(pattern, value, new, everywhere=everywhere) == result


@pytest.mark.parametrize("longest", [True, False])
def test_patterns_that_would_take_long_are_refused_or_done(longest: bool) -> None:  # noqa: FBT001
    assert trim_prefix("*a" * 50 + "b", "a" * 1000, longest=longest) == "a" * 1000
    with pytest.raises(ValueError, match="too long"):
        trim_suffix("*a" * 9000, "a" * 9000, longest=longest)
    with pytest.raises(ValueError, match="too long"):
        replace("*a" * 500 + "b", "a" * 1000, "", everywhere=True)


@given(st.text(), st.sampled_from(["'", '"', "${", "$A", "<<", "\\", "}"]), st.text())
def test_any_text_is_expanded_or_refused(before: str, token: str, after: str) -> None:
    with suppress(LexError):
        Lexer().expand(before + token + after, ENV)
