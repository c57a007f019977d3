from emit.plain import plain


def test_what_a_terminal_would_obey_is_escaped() -> None:
    assert plain("plain ü 漢") == "plain ü 漢"
    assert plain("\x1b[2J\r\n\t\x7f\x9b") == "\\x1b[2J\\r\\n\\t\\x7f\\x9b"
    assert plain("\u200b\u202e\udcfe") == "\\u200b\\u202e\\xfe"
