"""emit sync, check and bump beside a forge, as CI and pre-commit run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.assets import JQ, add_jq, emit, jq_toml, toml

if TYPE_CHECKING:
    from integration.forge import Shelf

DOCKERFILE = Path("Dockerfile")
TOML, LOCK = Path("emit.toml"), Path("emit.lock")
ROOT = Path(__file__).parent.parent
RENOVATE = "# renovate: datasource=github-releases depName=jqlang/jq\n"


@pytest.fixture
def pinned(shelf: Shelf) -> Shelf:
    """A project with one pinned asset and one managed block."""
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf).replace("version =", f"{RENOVATE}version ="))
    DOCKERFILE.write_text("FROM alpine:3.20\n# emit: begin jq\n# emit: end jq\nCMD jq\n")
    emit("lock")
    emit("sync")
    return shelf


def test_check_is_quiet_where_all_is_well(pinned: Shelf) -> None:
    asked = len(pinned.site.log())
    result = emit("check")
    assert (result.stdout, result.stderr) == ("", "emit: 2 pinned, all as it should be\n")
    assert len(pinned.site.log()) == asked, "offline"
    before = DOCKERFILE.stat()
    emit("sync")
    assert DOCKERFILE.stat().st_mtime_ns == before.st_mtime_ns, "not even touched"


@pytest.mark.usefixtures("pinned")
def test_a_hand_edit_is_shown_and_never_lost_silently() -> None:
    mine = DOCKERFILE.read_text().replace("jq --version", "jq --version # mine")
    DOCKERFILE.write_text(mine)
    for command in (("check",), ("sync",), ("sync", "--check")):
        result = emit(*command, code=1)
        assert "-\tjq --version # mine" in result.stdout
        assert "Dockerfile:2: jq was edited by hand; undo it, or `emit sync --force`" in (
            result.stderr
        )
        assert DOCKERFILE.read_text() == mine
    emit("sync", "--force")
    emit("check")


@pytest.mark.usefixtures("pinned")
def test_a_url_changed_without_its_digest_fails_the_check() -> None:
    DOCKERFILE.write_text(
        DOCKERFILE.read_text().replace("jq-1.7.1/jq-linux-a", "jq-1.8/jq-linux-a")
    )
    assert "the URL was changed without its digest" in emit("check", code=1).stderr


@pytest.mark.usefixtures("pinned")
def test_a_version_that_is_not_locked_fails_the_check() -> None:
    TOML.write_text(TOML.read_text().replace("jq-1.7.1", "jq-1.8"))
    result = emit("check", code=1)
    assert "emit.toml:1: asset.jq: jq for linux/amd64 is now" in result.stdout
    assert "run `emit lock`" in result.stderr


@pytest.mark.usefixtures("pinned")
def test_a_platform_that_is_not_locked_fails_the_check() -> None:
    head, _, _ = LOCK.read_text().rpartition("[[asset]]")
    LOCK.write_text(head)
    assert "jq is not locked for linux/arm64" in emit("check", code=1).stdout


def test_an_asset_that_was_uploaded_again_fails_the_online_check(pinned: Shelf) -> None:
    emit("check", "--online")
    pinned.add(JQ, "jq-1.7.1", {"jq-linux-amd64": b"other", "jq-linux-arm64": b"other"})
    emit("check")
    result = emit("check", "--online", code=1)
    assert "jq linux/amd64: https://localhost" in result.stderr
    assert "was uploaded again: sha256 " in result.stderr
    assert "emit lock --renew jq" in result.stderr
    emit("lock", "--renew", "jq")
    emit("sync")
    emit("check", "--online")


def test_an_asset_that_is_gone_fails_the_online_check(pinned: Shelf) -> None:
    pinned.add(JQ, "jq-1.7.1", {"jq-linux-amd64": b"x"})
    assert "no file matches jq-linux-arm64" in emit("check", "--online", code=1).stderr


def test_a_program_can_read_what_was_found(pinned: Shelf) -> None:
    assert json.loads(emit("check", "--json").stdout) == {"assets": [], "blocks": [], "pinned": 2}
    DOCKERFILE.write_text(DOCKERFILE.read_text().replace("jq --version", "mine"))
    found = json.loads(emit("check", "--json", code=1).stdout)["blocks"][0]
    assert (found["place"], found["asset"], found["why"]) == (
        *("Dockerfile:2", "jq", "was edited by hand"),
    )
    assert "-\tmine" in found["diff"]
    pinned.add(JQ, "jq-1.7.1", {"jq-linux-amd64": b"x", "jq-linux-arm64": b"y"})
    assert len(json.loads(emit("check", "--json", "--online", code=1).stdout)["assets"]) == 2
    LOCK.unlink()
    assert len(json.loads(emit("check", "--json", code=1).stdout)["assets"]) == 2


@pytest.mark.usefixtures("pinned")
def test_files_are_found_by_name_by_emit_toml_or_as_given() -> None:
    block = "# emit: begin jq --style sh\n# emit: end jq\n"
    for name in ("web.Dockerfile", "Containerfile", "install.sh"):
        Path(name).write_text(block)
    Path("install.sh").chmod(0o755)
    said = emit("sync").stderr
    assert "web.Dockerfile:1: jq written" in said
    assert "Containerfile:1: jq written" in said
    assert Path("install.sh").read_text() == block
    emit("sync", "install.sh")
    assert Path("install.sh").stat().st_mode & 0o777 == 0o755
    assert subprocess.run(["sh", "-n", "install.sh"], check=False).returncode == 0
    TOML.write_text('files = ["install.sh"]\n' + TOML.read_text())
    DOCKERFILE.write_text("# emit: begin nothing\n")
    emit("check")
    TOML.write_text(TOML.read_text().replace("install.sh", "gone/*"))
    assert "emit.toml: files: there is no gone/*" in emit("check", code=1).stderr
    assert "there is no nowhere" in emit("sync", "nowhere", code=2).stderr


def test_bump_moves_the_version_everywhere_and_nothing_else(pinned: Shelf) -> None:
    before = TOML.read_text()
    add_jq(pinned, "jq-1.8rc1", prerelease=True)
    add_jq(pinned, "jq-1.8.1", padding=10)
    assert "jq: jq-1.7.1 -> jq-1.8.1" in emit("bump", "--check", code=1).stderr
    assert TOML.read_text() == before
    emit("bump")
    assert TOML.read_text() == before.replace("jq-1.7.1", "jq-1.8.1")
    assert RENOVATE + 'version = "jq-1.8.1"\n' in TOML.read_text()
    assert "jq-1.7.1" not in LOCK.read_text() + DOCKERFILE.read_text()
    emit("check", "--online")
    asked = len(pinned.site.log("/api/"))
    assert "nothing is newer" in emit("bump").stderr
    assert len(pinned.site.log("/api/")) == asked, "a redirect tells it, not the API"
    emit("bump", "jq", "--to", "jq-1.7.1")
    assert TOML.read_text() == before


def test_a_release_that_is_too_young_is_left(pinned: Shelf) -> None:
    now = datetime.now(UTC)
    add_jq(pinned, "jq-1.8", published=f"{now - timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}")
    add_jq(pinned, "jq-1.9", published=f"{now - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}")
    emit("bump", "--min-age-days", "30", "--check")
    emit("bump", "--min-age-days", "7")
    assert 'version = "jq-1.8"' in TOML.read_text()
    emit("bump")
    assert 'version = "jq-1.9"' in TOML.read_text()


def test_a_version_that_cannot_be_pinned_is_not_taken(pinned: Shelf) -> None:
    before = TOML.read_text(), LOCK.read_text(), DOCKERFILE.read_text()
    pinned.add(JQ, "jq-2", {"jq-linux-amd64": b"x", "jq-linux-aarch64": b"y"})
    result = emit("bump", code=1)
    assert "no file matches jq-linux-arm64" in result.stderr
    assert (TOML.read_text(), LOCK.read_text(), DOCKERFILE.read_text()) == before


def test_one_asset_that_cannot_move_holds_no_other_back(pinned: Shelf) -> None:
    pinned.add("o/t", "v1", {"t": b"1"})
    TOML.write_text(TOML.read_text() + toml(
        "t", f'gitea = "o/t"\nserver = "{pinned.server}"', version='"v1"', file='"t"',
        install='"/t"') + toml("u", 'url = "https://localhost:1/{version}/u"', version='"1"',
        install='"/u"'))  # fmt: skip
    emit("lock", "jq", "t")
    pinned.add("o/t", "v2", {"t": b"2"})
    result = emit("bump", "jq", "t", "u", code=1)
    assert "t: v1 -> v2" in result.stderr
    assert "does not tell its versions: set it by hand" in result.stderr
    assert 'version = "v2"' in TOML.read_text()


def test_an_index_tells_its_versions_by_its_folders(shelf: Shelf) -> None:
    for version in ("1.9", "1.10", "2.0-rc1"):
        shelf.files[f"dist/v{version}/t.tgz"] = b"x"
    TOML.write_text(toml("t", f'index = "{shelf.site.url("/files/dist/v{version}/")}"',
                         version='"1.9"', file='"t.tgz"', unpack="false",
                         install='"/t"'))  # fmt: skip
    emit("bump")
    assert 'version = "1.10"' in TOML.read_text()


def test_the_next_prerelease_follows_a_prerelease(shelf: Shelf) -> None:
    add_jq(shelf, "jq-1.7")
    add_jq(shelf, "jq-1.8rc1", prerelease=True)
    add_jq(shelf, "jq-1.8rc2", prerelease=True)
    TOML.write_text(jq_toml(shelf, "jq-1.8rc1"))
    emit("bump")
    assert 'version = "jq-1.8rc2"' in TOML.read_text()


@pytest.mark.usefixtures("pinned")
def test_to_is_for_one_asset() -> None:
    assert "--to is for one asset" in emit("bump", "--to", "x", code=2).stderr


@pytest.mark.usefixtures("pinned")
def test_the_pre_commit_hook_runs_the_check(tmp_path: Path) -> None:
    """The hook as it is shipped, in a real repository; its language is ours, to need no network."""
    tools = Path(sys.executable).parent
    hook = (
        (ROOT / ".pre-commit-hooks.yaml")
        .read_text()
        .replace("language: python", "language: system")
    )
    hook = hook.replace("entry: ", f"entry: {tools}/")
    hooks = "".join(f"  {line}\n" for line in hook.splitlines())
    Path(".pre-commit-config.yaml").write_text(f"repos:\n- repo: local\n  hooks:\n{hooks}")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "-A"], check=True)
    command = [str(tools / "pre-commit"), "run", "--all-files"]
    assert subprocess.run(command, check=False, cwd=tmp_path).returncode == 0
    DOCKERFILE.write_text(DOCKERFILE.read_text().replace("jq --version", "true"))
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "was edited by hand" in done.stdout) == (1, True), done.stdout


@pytest.mark.usefixtures("pinned")
def test_renovate_finds_the_version_by_the_pattern_of_the_manual() -> None:
    manual = (ROOT / "docs" / "assets.md").read_text()
    config = json.loads(manual.partition("```json\n")[2].partition("```")[0])
    pattern = config["customManagers"][0]["matchStrings"][0].replace("(?<", "(?P<")
    found = re.search(pattern, TOML.read_text())
    assert found
    assert found["depName"] == JQ
    assert found["currentValue"] == "jq-1.7.1"
