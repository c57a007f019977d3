"""emit lock and emit init against a forge that answers like the real ones, over real TLS."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emit.selftest.content import body
from integration.assets import JQ, add_fzf, add_jq, emit, jq_toml, tar, toml, zipped

if TYPE_CHECKING:
    from integration.forge import Shelf

TOML = Path("emit.toml")
LOCK = Path("emit.lock")
BIG = (16 << 20) + 5


def locked() -> list[dict[str, Any]]:
    """Return the entries of emit.lock."""
    entries: list[dict[str, Any]] = tomllib.loads(LOCK.read_text())["asset"]
    return entries


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def requests(shelf: Shelf, part: str = "") -> list[str]:
    return [exchange.path.partition("?")[0] for exchange in shelf.site.log(part)]


def test_init_then_lock_pins_what_the_forge_has(shelf: Shelf) -> None:
    add_jq(shelf)
    emit("init", JQ, "--server", shelf.server)
    assert '# renovate: datasource=github-releases depName=jqlang/jq\nversion = "jq-1.7.1"\n' in (
        TOML.read_text()
    )
    emit("lock")
    amd, arm = locked()
    assert (amd["name"], amd["platform"], arm["platform"]) == ("jq", "linux/amd64", "linux/arm64")
    content = shelf.projects[JQ]["jq-1.7.1"].files["jq-linux-arm64"]
    assert (arm["size"], arm["sha256"]) == (len(content), sha256(content))
    assert arm["url"] == f"{shelf.server}/{JQ}/releases/download/jq-1.7.1/jq-linux-arm64"


def test_init_takes_several_projects_each_with_a_name_of_its_own(shelf: Shelf) -> None:
    add_jq(shelf)
    add_fzf(shelf)
    emit("init", JQ, "junegunn/fzf", "--server", shelf.server)
    text = TOML.read_text()
    assert text.index("[asset.jq]") < text.index("\n\n[asset.fzf]\n")
    assert '"linux/arm64" = "fzf-{version}-linux_arm64.tar.gz" }\nunpack  = "fzf"\n' in text
    shelf.add("other/jq", "v1", {"jq-linux-amd64": b"x"})
    said = emit("init", JQ, "other/jq", "--server", shelf.server, "-o", "-", code=2).stderr
    assert "two projects are called jq: begin with one, add the other" in said


def test_a_small_asset_with_a_digest_is_not_downloaded(shelf: Shelf) -> None:
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    assert requests(shelf) == [f"/api/v3/repos/{JQ}/releases/tags/jq-1.7.1"]


def test_without_a_digest_it_is_downloaded_once(shelf: Shelf) -> None:
    shelf.digests = False
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    without = LOCK.read_bytes()
    assert len(requests(shelf, "/storage/")) == 2
    shelf.digests = True
    emit("lock", "--renew")
    assert LOCK.read_bytes() == without, "the same pins, however they were learnt"


def test_only_what_has_changed_is_asked_for_again(shelf: Shelf) -> None:
    add_jq(shelf)
    shelf.add("o/tool", "v1", {"tool": b"1"})
    tool = toml(
        "tool",
        f'gitea = "o/tool"\nserver = "{shelf.server}"',
        version='"v1"',
        file='"tool"',
        install='"/t"',
    )
    TOML.write_text(jq_toml(shelf) + tool)
    emit("lock")
    before, asked = LOCK.read_text(), len(requests(shelf))
    emit("lock")
    assert (LOCK.read_text(), len(requests(shelf))) == (before, asked)
    shelf.add("o/tool", "v2", {"tool": b"2"})
    TOML.write_text(jq_toml(shelf) + tool.replace("v1", "v2"))
    emit("lock")
    assert [path for path in requests(shelf)[asked:] if "jq" in path] == []
    assert [entry["sha256"] for entry in locked()][2] == sha256(b"2")
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    assert {entry["name"] for entry in locked()} == {"jq"}


def test_a_large_asset_has_the_digest_of_each_block(shelf: Shelf) -> None:
    content = body(BIG)
    shelf.files["big"] = content
    TOML.write_text(toml("big", f'url = "{shelf.site.url("/files/big")}"', install='"/big"'))
    emit("lock")
    entry = locked()[0]
    assert (entry["platform"], entry["size"], entry["block"]) == ("any", BIG, 4 << 20)
    step = entry["block"]
    assert entry["blocks"] == [sha256(content[at : at + step]) for at in range(0, BIG, step)]


def test_a_server_without_ranges_is_found_out_at_lock_time(shelf: Shelf) -> None:
    shelf.files["big"], shelf.ranges = body(BIG), False
    TOML.write_text(toml("big", f'url = "{shelf.site.url("/files/big")}"', install='"/big"'))
    emit("lock")
    assert "blocks" not in locked()[0]


def test_a_broken_download_goes_on_where_it_broke(shelf: Shelf) -> None:
    shelf.files["f"], shelf.cut = body(3_000_000), 2
    TOML.write_text(toml("f", f'url = "{shelf.site.url("/files/f")}"', install='"/f"'))
    emit("lock")
    assert locked()[0]["sha256"] == sha256(body(3_000_000))
    log = shelf.site.log("/files/f")
    assert log[0].range == ""
    assert all(exchange.range.startswith("bytes=") for exchange in log[1:])


def test_one_that_never_ends_well_is_an_error(shelf: Shelf) -> None:
    shelf.files["f"], shelf.cut = body(300_000), 99
    TOML.write_text(toml("f", f'url = "{shelf.site.url("/files/f")}"', install='"/f"'))
    assert "ended early 5 times" in emit("lock", code=1).stderr


@pytest.mark.parametrize("kind", ["gitlab", "gitea"])
def test_other_forges_have_the_same_interface(shelf: Shelf, kind: str) -> None:
    shelf.add("group/tool", "v1.2", {"tool-amd64": b"a", "tool-arm64": b"b"})
    emit("init", f"{kind}:group/tool", "--server", shelf.server)
    assert f"datasource={kind}-releases depName=group/tool" in TOML.read_text()
    emit("lock")
    assert [entry["sha256"] for entry in locked()] == [sha256(b"a"), sha256(b"b")]


def test_a_page_of_links_is_a_source(shelf: Shelf) -> None:
    shelf.files["dist/v1.2/tool-1.2-x86_64.tgz"] = tar({"tool": b"x"})
    TOML.write_text(
        toml(
            "tool",
            f'index = "{shelf.site.url("/files/dist/v{version}/")}"',
            version='"1.2"',
            file='{ "linux/amd64" = "tool-*-{machine}.tgz" }',
            unpack='"tool"',
            install='"/t"',
        )
    )
    emit("lock")
    assert locked()[0]["file"] == "tool-1.2-x86_64.tgz"
    assert locked()[0]["members"] == ["tool"]


def test_a_placeholder_url_is_filled_for_each_platform(shelf: Shelf) -> None:
    for machine in ("x86_64", "aarch64"):
        shelf.files[f"1.2/tool-{machine}"] = machine.encode()
    TOML.write_text(
        toml(
            "tool",
            f'url = "{shelf.site.url("/files/{version}/{file}")}"',
            version='"v1.2"',
            file='"tool-{machine}"',
            install='"/t"',
        )
    )
    emit("lock")
    assert [entry["sha256"] for entry in locked()] == [sha256(b"x86_64"), sha256(b"aarch64")]


# What goes wrong


def test_a_missing_release_is_told_with_those_there_are(shelf: Shelf) -> None:
    add_jq(shelf, "jq-1.7")
    TOML.write_text(jq_toml(shelf))
    said = emit("lock", code=1).stderr
    assert "emit.toml:1: asset.jq for linux/amd64: github jqlang/jq" in said
    assert "has no release jq-1.7.1: it has jq-1.7" in said
    assert not LOCK.exists() or "jq" not in LOCK.read_text().partition("lock = 1")[2]


def test_a_renamed_asset_is_told_with_its_neighbour(shelf: Shelf) -> None:
    shelf.add(JQ, "jq-1.7.1", {"jq-linux-amd64": b"x", "jq-linux-aarch64": b"y"})
    TOML.write_text(jq_toml(shelf))
    said = emit("lock", code=1).stderr
    assert "no file matches jq-linux-arm64; did you mean jq-linux-amd64?" in said
    assert [entry["platform"] for entry in locked()] == ["linux/amd64"], "what was found is kept"


def test_the_rate_limit_is_told_with_its_end_and_its_cure(shelf: Shelf) -> None:
    add_jq(shelf)
    shelf.limited = True
    TOML.write_text(jq_toml(shelf).replace("jq-{os}-{arch}", "jq-{os}*{arch}"))
    said = emit("lock", code=1).stderr
    assert "localhost answers no more requests until 03:33 UTC; set GITHUB_TOKEN" in said


def test_a_plain_name_is_found_in_spite_of_the_rate_limit(shelf: Shelf) -> None:
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    before = LOCK.read_bytes()
    shelf.limited = True
    emit("lock", "--renew")
    assert LOCK.read_bytes() == before


def test_a_brownout_is_waited_for(shelf: Shelf) -> None:
    shelf.digests, shelf.down = False, 2
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    assert len(locked()) == 2


def test_an_unknown_authority_is_named_with_the_cure(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    TOML.write_text(jq_toml(shelf))
    monkeypatch.delenv("SSL_CERT_FILE")
    said = emit("lock", code=1).stderr
    assert "CERTIFICATE_VERIFY_FAILED" in said
    assert "name its authority in SSL_CERT_FILE" in said


def test_a_download_that_is_not_what_the_forge_says_is_refused(shelf: Shelf) -> None:
    """A re-upload between the answer of the API and that of the storage."""
    shelf.add(JQ, "1", {"jq.tar.gz": tar({"jq": b"x"})})
    shelf.damaged[0] = 1
    TOML.write_text(
        toml(
            "jq",
            f'github = "{JQ}"\nserver = "{shelf.server}"',
            version='"1"',
            file='"jq.tar.gz"',
            unpack='"jq"',
            install='"/jq"',
        )
    )
    assert "its forge says" in emit("lock", code=1).stderr


def test_zstd_by_a_wildcard_is_an_error_with_the_cure(shelf: Shelf) -> None:
    shelf.add(JQ, "1", {"jq-1.tar.zst": b"x"})
    TOML.write_text(
        toml(
            "jq",
            f'github = "{JQ}"\nserver = "{shelf.server}"',
            version='"1"',
            file='"jq-*"',
            unpack='"jq"',
            install='"/jq"',
        )
    )
    assert "nothing in a stock Alpine image unpacks .zst: choose" in emit("lock", code=1).stderr


@pytest.mark.parametrize("member", ["../escaped", "/escaped"], ids=["climbs", "is absolute"])
@pytest.mark.parametrize("pack", [tar, zipped], ids=["tar", "zip"])
def test_a_hostile_member_is_never_pinned(shelf: Shelf, member: str, pack: Any) -> None:  # noqa: ANN401
    end = "zip" if pack is zipped else "tgz"
    shelf.files[f"a.{end}"] = pack({"bin/a": b"x", member: b"x"})
    TOML.write_text(
        toml("a", f'url = "{shelf.site.url(f"/files/a.{end}")}"', unpack="true", into='"/opt"')
    )
    assert f"{member} would land outside" in emit("lock", code=1).stderr


# Tokens


def private(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    add_jq(shelf)
    shelf.token = "s3cr3t-token"  # noqa: S105 - of this forge
    monkeypatch.setenv("GITHUB_TOKEN", shelf.token)
    TOML.write_text(jq_toml(shelf) + 'secret = "github_token"\n')


def test_a_private_asset_is_locked_by_its_api_url(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.digests = False
    private(shelf, monkeypatch)
    emit("lock")
    assert "/api/v3/repos/jqlang/jq/releases/assets/" in locked()[0]["url"]
    assert "s3cr3t" not in LOCK.read_text()
    storage = shelf.site.log("/storage/")
    assert len(storage) == 2
    assert [each for each in storage if "authorization" in each.headers] == []


def test_without_its_token_a_private_asset_names_the_variable(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    private(shelf, monkeypatch)
    monkeypatch.delenv("GITHUB_TOKEN")
    assert "set GITHUB_TOKEN" in emit("lock", code=1).stderr


def test_a_token_is_not_sent_to_a_server_it_is_not_meant_for(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    private(shelf, monkeypatch)
    monkeypatch.delenv("GITHUB_SERVER_URL")
    emit("lock", code=1)
    assert [each for each in shelf.site.log() if "authorization" in each.headers] == []


# Without asking anybody


def test_check_asks_nobody_and_says_what_is_not_locked(shelf: Shelf) -> None:
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    assert "jq is not locked for linux/amd64" in emit("lock", "--check", code=1).stdout
    assert "run `emit lock`" in emit("lock", "--frozen", code=1).stderr
    emit("lock")
    asked = len(requests(shelf))
    emit("lock", "--check")
    emit("lock", "--frozen")
    TOML.write_text(jq_toml(shelf, "jq-1.8"))
    said = emit("lock", "--check", code=1).stdout
    assert "jq-1.8 : jq-linux-amd64', locked is" in said
    assert "is locked as" in emit("lock", "--frozen", code=1).stderr
    TOML.write_text("")
    assert "is locked, but not asked for" in emit("lock", "--check", code=1).stdout
    assert len(requests(shelf)) == asked


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('sha256 = "', 'sha256 = "x'),
        ("size = ", "size = -"),
        ("lock = 1", "lock = 2"),
        ('platform = "linux/amd64"', 'platform = "amd64"'),
        ('url = "https', 'url = "file'),
        ("[[asset]]", "[[asset]]\nmode = 1"),
        ("[[asset]]", "[asset"),
        ("name = ", "block = 7\nname = "),
    ],
)
def test_a_damaged_lock_is_not_believed(shelf: Shelf, old: str, new: str) -> None:
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    LOCK.write_text(LOCK.read_text().replace(old, new, 1))
    said = emit("lock", "--check", code=1).stderr
    assert "emit.lock" in said
    assert "restore it, or remove it and run `emit lock`" in said


def test_init_does_not_write_over_a_file(shelf: Shelf) -> None:
    TOML.write_text("x")
    assert "is there already" in emit("init", code=1).stderr
    emit("init", "--force")
    assert "[asset.jq]" in TOML.read_text()
    assert emit("init", "-o", "-").stdout == TOML.read_text()
    assert (
        "there is no github o/none"
        in emit("init", "o/none", "--server", shelf.server, "-o", "-", code=1).stderr
    )


# A SPEC that is in no emit.toml


def test_a_spec_of_no_emit_toml_is_asked_for_at_once(shelf: Shelf) -> None:
    add_jq(shelf)
    spec = f"{JQ}@jq-1.7.1:jq-{{os}}-{{arch}}"
    text = emit("snippet", spec, "--test", "jq --version", "--install", "/opt/jq").stdout
    assert text.startswith("RUN set -eux; \\\n")
    assert ("'aarch64')" in text, "/opt/jq" in text, "# emit:" in text) == (True, True, False)
    emit("fetch", spec, "-o", "get.sh")
    assert "jq aarch64" in Path("get.sh").read_text()
    shelf.files["t.tgz"] = tar({"t/t": b"t"})
    url = shelf.site.url("/files/t.tgz")
    assert "--unpack" in emit("snippet", url, code=2).stderr
    assert "tar -xOf" in emit("snippet", url, "--unpack", "t", "--install", "/t").stdout
    assert not TOML.exists()


def test_a_spec_that_nobody_can_be_asked_for(shelf: Shelf) -> None:
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf))
    emit("lock")
    spec = f"{JQ}@jq-1.7.1:jk-{{os}}-{{arch}}"
    assert "did you mean jq-linux-amd64?" in emit("snippet", spec, code=1).stderr
    assert "--frozen asks nobody" in emit("snippet", spec, "--frozen", code=2).stderr
    said = emit("snippet", "jq", "--install", "/x", code=2).stderr
    assert "are for a SPEC not in emit.toml" in said
    said = emit("snippet", "https://localhost:1/x", code=1).stderr
    assert said.endswith("cannot read https://localhost:1/x: Connection refused\n")


def test_a_private_asset_without_its_token(shelf: Shelf) -> None:
    shelf.digests = False
    add_jq(shelf)
    TOML.write_text(jq_toml(shelf) + 'secret = "t"\n')
    assert "it is private: set GITHUB_TOKEN" in emit("lock", code=1).stderr


def test_what_is_no_archive_has_nothing_to_unpack(shelf: Shelf) -> None:
    shelf.files["x-1"] = b"x"
    url = shelf.site.url("/files/")
    TOML.write_text(toml("x", f'index = "{url}"', file='"x*"', unpack='"x"', install='"/x"'))
    assert "x-1 is no archive: leave unpack away" in emit("lock", code=1).stderr


def test_what_ends_early_again_and_again_is_given_up(shelf: Shelf) -> None:
    shelf.files["x"] = body(100_000, "x")
    shelf.cut, shelf.ranges = 99, True
    TOML.write_text(toml("x", f'url = "{shelf.site.url("/files/x")}"', install='"/x"'))
    assert "ended early 5 times" in emit("lock", code=1).stderr
    shelf.cut = 2
    emit("lock")
    assert locked()[0]["sha256"] == sha256(shelf.files["x"])


def test_what_tells_no_versions_is_set_by_hand(shelf: Shelf) -> None:
    shelf.files["v1.0/x"] = b"x"
    base = shelf.site.url("/files/")
    for source, says in (
        (f'url = "{base}v{{version}}/x"', "does not tell its versions: set it by hand"),
        (f'index = "{base}v1.0/"', "its URL has no {version}: set the version by hand"),
        (f'index = "{base}v1.0/x-{{version}}/"', "has no folder that is named by a version"),
    ):
        TOML.write_text(toml("x", source, version='"1.0"', file='"x"', install='"/x"'))
        assert says in emit("bump", code=1).stderr, source


def test_an_api_that_answers_something_else_is_told(shelf: Shelf) -> None:
    shelf.files["api/v3/repos/o/x/releases/tags/v1"] = b"<html>"
    server = shelf.site.url("/files")
    text = toml("x", f'github = "o/x"\nserver = "{server}"', version='"v1"', file='"x"',
                install='"/x"')  # fmt: skip
    TOML.write_text(text)
    assert "answers no JSON: " in emit("lock", code=1).stderr
    shelf.files["o/x/releases/latest"] = b"<html>"
    said = emit("init", "o/x", "--server", server, "-o", "-", code=1).stderr
    assert "has no release that it calls its latest" in said
