import os
import stat
import threading
from pathlib import Path

import pytest

from emit.errors import OutputError
from emit.output import difference, write_script

TEXT = "#!/bin/sh\necho é\n"


def test_a_script_is_written_whole_and_executable(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        write_script(tmp_path / "a b", TEXT)
    finally:
        os.umask(old)
    assert (tmp_path / "a b").read_bytes() == TEXT.encode()
    assert stat.S_IMODE((tmp_path / "a b").stat().st_mode) == 0o755
    assert list(tmp_path.iterdir()) == [tmp_path / "a b"]


def test_a_file_is_replaced_and_not_written_into(tmp_path: Path) -> None:
    """Whoever runs the old script keeps the old script."""
    file = tmp_path / "rget.sh"
    file.write_text("old")
    with file.open() as reader:
        write_script(file, TEXT)
        assert reader.read() == "old"
    assert file.read_text(encoding="utf-8") == TEXT


def test_a_name_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_script(Path("rget.sh"), TEXT)
    assert list(tmp_path.iterdir()) == [tmp_path / "rget.sh"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "rget.sh").write_text("old")
    (tmp_path / "link").symlink_to("real/rget.sh")
    write_script(tmp_path / "link", TEXT)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "rget.sh").read_text(encoding="utf-8") == TEXT


def test_a_device_stays_one() -> None:
    write_script(Path("/dev/null"), TEXT)
    assert Path("/dev/null").is_char_device()


def test_a_fifo_is_written_to(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_text(encoding="utf-8")))
    reader.start()
    write_script(fifo, TEXT)
    reader.join(timeout=20)
    assert read == [TEXT]
    assert fifo.is_fifo()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "it is a directory; name a file in it"),
        ("none/rget.sh", "its folder does not exist; create it first"),
        ("file/rget.sh", "Not a directory"),
        ("loop", "Symlink loop|Too many levels of symbolic links"),
        ("n" * 300, "File name too long"),
    ],
)
def test_what_cannot_be_written_is_named_and_nothing_is_left(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=rf"^cannot write {tmp_path}/{name}: ({reason})"):
        write_script(tmp_path / name, TEXT)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "old"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_midway_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    (tmp_path / "rget.sh").write_text("old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_script(tmp_path / "rget.sh", TEXT)
    assert list(tmp_path.iterdir()) == [tmp_path / "rget.sh"]
    assert (tmp_path / "rget.sh").read_text() == "old"


@pytest.mark.parametrize(
    ("old", "lines"),
    [
        (TEXT.encode(), []),
        (b"#!/bin/sh\n", ["@@ -1 +1,2 @@\n", " #!/bin/sh\n", "+echo é\n"]),
        (TEXT.encode()[:-1], ["-echo é\n\\ No newline at end of file\n", "+echo é\n"]),
        (b"\xff\n", ["-\\xff\n", "+#!/bin/sh\n", "+echo é\n"]),
        (TEXT.replace("\n", "\r\n").encode(), ["-#!/bin/sh\r\n", "+#!/bin/sh\n"]),
    ],
)
def test_the_difference_is_a_unified_diff(tmp_path: Path, old: bytes, lines: list[str]) -> None:
    file = tmp_path / "rget.sh"
    file.write_bytes(old)
    found = difference(file, TEXT)
    assert found[:2] == ([f"--- {file}\n", "+++ emit\n"] if lines else [])
    assert [line for line in lines if line not in found] == []


def test_a_missing_file_differs_in_every_line(tmp_path: Path) -> None:
    assert difference(tmp_path / "none", TEXT)[3:] == ["+#!/bin/sh\n", "+echo é\n"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=f"cannot read {tmp_path}: Is a directory"):
        difference(tmp_path, TEXT)
