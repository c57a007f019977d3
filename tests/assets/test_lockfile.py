from pathlib import Path

import pytest

from emit.assets.lockfile import lock_text, parse_lock, read_lock
from emit.errors import ConfigError
from tests.assets.pinned import pins

FILE = Path("emit.lock")
GOOD = lock_text(pins().values())


def test_what_is_written_is_read() -> None:
    assert parse_lock(GOOD, FILE) == pins()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('members = [\n  "tool-1.2/tool",\n]', "members = 5"),
        ('members = [\n  "tool-1.2/tool",\n]', 'members = "tool"'),
        ('members = [\n  "tool-1.2/tool",\n]', "members = [5]"),
        ("block = 4194304", "block = 4194305"),
        ("block = 4194304", "block = -1"),
        ('name = "tool"', 'name = "tool"\nextra = 1'),
        ('name = "tool"', "name = 5"),
        ('url = "https://github.com/o/tool/', 'url = "ftp://github.com/o/tool/'),
        ('sha256 = "000', 'sha256 = "x00'),
    ],
)
def test_nothing_is_believed_of_a_damaged_file(old: str, new: str) -> None:
    head, tool, tail = GOOD.partition('[[asset]]\nname = "tool"')
    assert old in tool + tail
    text = head + (tool + tail).replace(old, new, 1)
    with pytest.raises(ConfigError, match=r"emit\.lock:\d+: this asset is not as .*: restore"):
        parse_lock(text, FILE)


@pytest.mark.parametrize("text", ["asset = 3", "asset = [3]", '[asset]\nname = "x"'])
def test_what_is_no_list_of_assets_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"emit\.lock:1: this asset is not as"):
        parse_lock(f"lock = 1\n{text}\n", FILE)


def test_another_format_and_what_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"emit\.lock:2: this emit reads lock = 1: restore"):
        parse_lock("lock = 2\n", FILE)
    with pytest.raises(ConfigError, match=r"emit\.lock: not TOML: .*; restore it"):
        parse_lock("lock = \n", FILE)
    (tmp_path / "emit.lock").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"cannot read .*emit\.lock: .*; restore it"):
        read_lock(tmp_path / "emit.lock")
    assert read_lock(tmp_path / "none") == {}
