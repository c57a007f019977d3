from pathlib import Path

import pytest

from emit.assets.lockfile import locked
from emit.errors import ConfigError, UsageError
from emit.managed import find_blocks, fingerprint, looks, replace_blocks, wrap
from emit.snippet import Look, snippet
from emit.sync import Document, stale, synced
from tests.assets.pinned import config, pins

EMPTY = "# emit: begin jq\n# emit: end jq\n"


def document(text: str) -> Document:
    return Document(
        file=Path("Dockerfile"), text=text, blocks=tuple(find_blocks(text, "Dockerfile"))
    )


def written(text: str) -> str:
    found = document(text)
    return synced(found, stale(found, config(), pins()))


def test_a_block_that_is_right_is_not_stale() -> None:
    once = written(f"FROM alpine\n{EMPTY}CMD x\n")
    assert stale(document(once), config(), pins()) == []
    assert written(once) == once


def test_every_other_byte_stays() -> None:
    around = "\ufeffFROM  alpine \t\n\n# x\r\n\x0c\udcff{}trailing\\\n\tno newline"
    text = written(around.format("\n" + EMPTY))
    before, after = around.split("{}")
    assert text.startswith(before + "\n# emit: begin jq\nRUN set -eux; \\\n")
    assert text.endswith("\n" + after)
    assert text.count("# emit: ") == 2


def test_a_file_with_crlf_keeps_it() -> None:
    text = written(f"FROM alpine\n{EMPTY}".replace("\n", "\r\n"))
    assert text.count("\n") == text.count("\r\n")
    assert stale(document(text), config(), pins()) == []
    assert written(f"FROM alpine\n{EMPTY}").replace("\n", "\r\n") == text


def test_a_new_version_makes_a_block_stale() -> None:
    text = written(EMPTY)
    newer = config(config_text().replace("jq-1.7.1", "jq-1.8"))
    found = stale(document(text), newer, pins(newer))
    assert [each.why for each in found] == ["is not what emit.lock says"]
    assert any("jq-1.8" in line for line in found[0].difference())


def config_text() -> str:
    from tests.assets.pinned import TEXT  # noqa: PLC0415

    return TEXT


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("jq-1.7.1", "jq-1.8", "the URL was changed without its digest"),
        ("jq --version", "jq -V", "was edited by hand"),
        ("0" * 63 + "1", "0" * 63 + "f", "was edited by hand"),
    ],
)
def test_a_hand_edit_is_seen(old: str, new: str, why: str) -> None:
    found = stale(document(written(EMPTY).replace(old, new)), config(), pins())
    assert [each.block.edited for each in found] == [True]
    assert why in found[0].why
    assert any(line.startswith("-") and new in line for line in found[0].difference())


def test_text_in_a_block_that_emit_never_wrote_is_somebodys() -> None:
    text = "# emit: begin jq\nRUN mine\n# emit: end jq\n"
    assert stale(document(text), config(), pins())[0].block.edited


def test_the_wanted_text_with_a_wrong_fingerprint_is_an_edit_too() -> None:
    text = written(EMPTY)
    assert stale(document(text.replace("# emit: end jq ", "# emit: end jq 0")), config(), pins())


def test_two_blocks_are_written_each_in_its_place() -> None:
    text = written(f"FROM a\n{EMPTY}#\n# emit: begin tool --style sh\n# emit: end tool\nCMD b\n")
    blocks = find_blocks(text, "f")
    assert [(block.name, block.look.style) for block in blocks] == [("jq", "run"), ("tool", "sh")]
    assert text.endswith("\nCMD b\n")
    assert [fingerprint(block.text) == block.digest for block in blocks] == [True, True]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# emit: begin jq\n", "f:1: '# emit: begin jq': there is no `# emit: end`"),
        ("x\n# emit: end jq\n", "f:2: '# emit: end jq': it ends no block"),
        ("# emit: begin a\n# emit: begin b\n", "f:2: '# emit: begin b': the block of line 1 has"),
        ("# emit: begin a\n# emit: end b\n", "f:2: '# emit: end b': want `# emit: end a`"),
        ("# emit: begin\n# emit: end a\n", "f:1: the following arguments are required: name"),
        ("# emit: begin a --style x\n# emit: end a\n", "f:1: argument --style: invalid choice"),
        ("# emit: begin a 'x\n# emit: end a\n", "f:1: No closing quotation"),
        ("# emit: begin a --style add\n# emit: end a\n", "f:1: --style add needs --part"),
        ("# emit: begin a --part use\n# emit: end a\n", "f:1: --part is for --style add"),
        ("# emit: begin a --style add --part use --resume\n# emit: end a\n", "f:1: --resume is"),
    ],
)
def test_a_block_that_cannot_be_understood_names_its_line(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_blocks(text, "f")
    assert str(caught.value).startswith(says)


def test_an_unknown_asset_and_an_unlocked_one_name_the_block() -> None:
    other = document(EMPTY.replace("jq", "jqq"))
    with pytest.raises(UsageError, match=r"Dockerfile:1: emit.toml has no asset 'jqq'; did you"):
        stale(other, config(), pins())
    with pytest.raises(ConfigError, match=r"Dockerfile:1: emit.toml:1: asset.jq: jq is not locked"):
        stale(document(EMPTY), config(), {})


def test_add_is_two_blocks() -> None:
    assert [str(look) for look in looks(Look(style="add"))] == [
        *("--style add --part stages", "--style add --part use")
    ]


def test_what_wrap_writes_is_what_find_blocks_reads() -> None:
    asset = config().asset("tool")
    for look in (Look(resume=True), *looks(Look(style="add")), Look(style="rget")):
        text = wrap(asset, locked(asset, pins()), look)
        block = find_blocks(text, "f")[0]
        assert (block.look, block.edited) == (look, False)
        assert block.text == snippet(asset, locked(asset, pins()), look)
        assert replace_blocks(text, [(block, text)]) == text
