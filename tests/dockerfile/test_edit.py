from emit.dockerfile import parse
from emit.dockerfile.edit import Edits, spans

TEXT = "\ufeff  COPY --from=1 \\\r\n# comment\r\n --ch\\\r\nown=a b c\r\nFROM x\r\n"


def test_a_part_of_a_logical_line_is_found_on_its_lines() -> None:
    item = parse(TEXT).instructions[0]
    flag = item.flags[1]
    assert [*spans(item, flag.start, flag.end)] == [(3, 1, 5), (4, 0, 5)]
    assert [*spans(item, 0, 4)] == [(1, 3, 7)]


def test_replacements_leave_every_other_byte() -> None:
    dockerfile = parse(TEXT)
    item = dockerfile.instructions[0]
    edits = Edits(dockerfile)
    edits.replace(item, item.flags[0].start, item.flags[0].end, "--from=other")
    edits.replace(item, item.flags[1].start, item.flags[1].end, "--chmod=1")
    assert "".join(edits.lines()) == (
        "\ufeff  COPY --from=other \\\r\n# comment\r\n --chmod=1\\\r\n b c\r\nFROM x\r\n"
    )
    assert dockerfile.text == TEXT
