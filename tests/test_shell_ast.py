import pytest

from emit import shell_ast
from emit.errors import ToolError
from emit.shell_ast import parse


def test_positions_are_bytes() -> None:
    script = "# é\nname=é other='ü'\n"
    literals = [node for node in parse(script).walk() if node.kind in {"Name", "Lit", "SglQuoted"}]
    texts = {script.encode()[node.start : node.end].decode() for node in literals}
    assert texts == {"name", "é", "other", "'ü'"}


def test_a_field_holds_its_nodes_in_order() -> None:
    call = parse("one two\n").all("Stmts")[0].one("Cmd")
    assert call is not None
    words = [word.literal() for word in call.all("Args")]
    assert [word.value for word in words if word] == ["one", "two"]
    assert call.one("Assigns") is None


def test_a_word_that_is_more_than_a_literal_has_none() -> None:
    call = parse("\"a\" 'a' a$x\n").all("Stmts")[0].one("Cmd")
    assert call is not None
    assert [word.literal() for word in call.all("Args")] == [None, None, None]


@pytest.mark.parametrize("printed", ["", "[]", "null", '{"Pos": 1}', '{"Stmts": [1]}'])
def test_what_is_no_tree_is_said(monkeypatch: pytest.MonkeyPatch, printed: str) -> None:
    monkeypatch.setattr(shell_ast, "shfmt", lambda *_: printed)
    with pytest.raises(ToolError, match="cannot read the tree that shfmt printed"):
        parse(":")
