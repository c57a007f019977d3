from pathlib import Path

import click
import pytest

from emit.assets.config import parse_config, read_config
from emit.assets.spec import Asset
from emit.commands.options import complete_assets
from emit.errors import ConfigError, UsageError

FILE = Path("emit.toml")
JQ = """\
# what we pin
[asset.jq]
github  = "jqlang/jq"
version = "jq-1.7.1"
file    = { "linux/amd64" = "jq-linux-amd64", "linux/arm64" = "jq-linux-arm64" }
install = "/usr/local/bin/jq"
test    = "jq --version"
"""
TOOL = """\
[asset.tool]
url = "https://example.com/{version}/{file}"
version = "v1.2"
file = "tool_{version}_{os}_{arch}.tar.gz"
unpack = ["bin/*", "share/man"]
into = "/usr//local/"
strip = 1
"""


def asset(text: str) -> Asset:
    return next(iter(parse_config(text, FILE).assets.values()))


def test_the_example_of_the_design_is_read() -> None:
    jq = asset(JQ)
    assert str(jq.source) == "github jqlang/jq"
    assert jq.pattern("linux/arm64") == "jq-linux-arm64"
    assert jq.request("linux/amd64") == "github jqlang/jq @ jq-1.7.1 : jq-linux-amd64"
    assert (jq.install, jq.mode, jq.test) == ("/usr/local/bin/jq", "0755", "jq --version")
    assert jq.place == "emit.toml:2: asset.jq"


def test_placeholders_are_filled_by_platform_and_the_version_is_bare() -> None:
    tool = asset(TOOL)
    assert [name for name, _ in tool.files] == ["linux/amd64", "linux/arm64"]
    assert tool.pattern("linux/arm64") == "tool_1.2_linux_arm64.tar.gz"
    assert tool.into == "/usr/local"
    assert tool.request("linux/amd64").endswith(" unpack bin/* share/man")


def test_a_name_without_the_machine_is_for_any() -> None:
    text = '[asset.a]\nurl = "https://e.com/a-{tag}.sh"\nversion = "1"\ninstall = "/a"\n'
    assert asset(text).files == (("any", "a-{tag}.sh"),)
    assert asset(text).pattern("any") == "a-1.sh"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("github  =", "githup =", "3: asset.jq.githup: there is no such key; did you mean github?"),
        ('"jqlang/jq"', "3", "3: asset.jq.github: want a string in quotes, got 3"),
        ('"jqlang/jq"', '"jq"', "3: asset.jq.github: want \"owner/repo\", got 'jq'"),
        ("github", "url = 'https://e.com/x'\ngithub", "2: asset.jq: want one of github, gitlab"),
        ("github  =", "# ", "2: asset.jq: want one of github, gitlab, gitea, url, index"),
        ('version = "jq-1.7.1"', "", "2: asset.jq: want a version, the release's tag"),
        ('"jq-1.7.1"', '"a b"', "4: asset.jq.version: want a tag without blanks"),
        ('"jq-1.7.1"', '"latest"', "4: asset.jq.version: latest is no pin"),
        ("linux/amd64", "linux/x86", "5: asset.jq.file: there is no platform 'linux/x86'; did"),
        ("jq-linux-amd64", "jq-{cpu}", "5: asset.jq.file: there is no placeholder {cpu}"),
        ("jq-linux-amd64", "jq.tar.gz", "5: asset.jq.file: jq.tar.gz is packed: name the member"),
        ("jq-linux-amd64", "jq.zst", "5: asset.jq.file: jq.zst for linux/amd64: nothing in a"),
        ("install =", "instal =", "6: asset.jq.instal: there is no such key; did you mean"),
        ('"/usr/local', '"usr/local', "6: asset.jq.install: want an absolute path"),
        ("/usr/local", "/usr/../local", "6: asset.jq.install: want an absolute path"),
        ('"jq --version"', '"a\\nb"', "7: asset.jq.test: want one line of text"),
        ("test    =", "mode = ", "7: asset.jq.mode: want an octal mode"),
        ("test    =", "secret =", "7: asset.jq.secret: want the id of a BuildKit secret"),
        ("test    =", "unpack =", "7: asset.jq.unpack: jq-linux-amd64 is no archive"),
        ("test    =", "into = '/x'\ntest =", "2: asset.jq: want install = "),
        ("[asset.jq]", "[asset.Jq]", "2: asset.Jq: want a name of a-z"),
        ("[asset.jq]", "[assets.jq]", "assets: there is no such key; did you mean [asset."),
        ("version =", "version", "4: not TOML: expected '='"),
        ("[asset.jq]", "files = 3\n[asset.jq]", "2: files: want a list of files"),
        ("github  =", "server = 'x'\ngithub  =", "3: asset.jq.server: want a URL"),
    ],
)
def test_an_error_names_the_file_the_line_and_the_key(old: str, new: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(JQ.replace(old, new, 1), FILE)
    assert str(caught.value).startswith(f"emit.toml:{says}" if says[0].isdigit() else "emit.toml:")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('["bin/*", "share/man"]', "3", "5: asset.tool.unpack: want members"),
        ('"bin/*"', '"../x"', "5: asset.tool.unpack: '../x': want paths inside"),
        ('"bin/*"', '"/x"', "5: asset.tool.unpack: '/x': want paths inside"),
        ('["bin/*", "share/man"]', "false", "6: asset.tool.into: want unpack"),
        ("strip = 1", "strip = true", "7: asset.tool.strip: want how many"),
        ('into = "/usr//local/"', 'install = "/x"', "7: asset.tool.strip: it goes with into"),
        (".tar.gz", ".tar.zst", "4: asset.tool.file: tool_{version}_{os}_{arch}.tar.zst for"),
        ("{file}", "{fil}", "2: asset.tool.url: there is no placeholder {fil}"),
        ("https://", "ftp://", "2: asset.tool.url: want a URL"),
        ("url =", "server = 'https://e.com'\nurl =", "2: asset.tool.server: only github"),
        ("strip = 1", "secret = 'x'\nstrip = 1", "7: asset.tool.secret: only assets of github"),
    ],
)
def test_errors_of_archives_and_urls(old: str, new: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(TOOL.replace(old, new, 1), FILE)
    assert str(caught.value).startswith(f"emit.toml:{says}")


def test_assets_are_tables() -> None:
    with pytest.raises(ConfigError, match=r"emit.toml:2: asset: want tables: \[asset.NAME\]"):
        parse_config("\nasset = 3\n", FILE)
    with pytest.raises(ConfigError, match=r"emit.toml:1: asset.jq: want a table: \[asset.jq\]"):
        parse_config("[asset]\njq = 3\n", FILE)


def test_a_name_that_only_the_url_has_is_told_of_the_url() -> None:
    text = '[asset.x]\ninstall = "/x"\nurl = "https://h/x.tar.zst"\n'
    with pytest.raises(ConfigError, match=r"^emit\.toml:3: asset\.x\.url: x\.tar\.zst for any"):
        parse_config(text, FILE)


def test_zstd_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"nothing in a stock Alpine image unpacks \.zst: choose"):
        parse_config(TOOL.replace(".tar.gz", ".tar.zst"), FILE)


def test_a_missing_file_an_unreadable_one_and_one_of_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`emit init` writes one"):
        read_config(tmp_path / "emit.toml")
    with pytest.raises(ConfigError, match="cannot read"):
        read_config(tmp_path)
    (tmp_path / "emit.toml").write_bytes(b"a = 1\n\xff\n")
    with pytest.raises(ConfigError, match="byte 6 is not UTF-8"):
        read_config(tmp_path / "emit.toml")


def test_the_shell_completes_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command, param = click.Command("lock"), click.Argument(["names"])
    assert complete_assets(click.Context(command), param, "") == []
    FILE.write_text(JQ + TOOL)
    assert complete_assets(click.Context(command), param, "j") == ["jq"]


def test_an_unknown_asset_has_a_neighbour() -> None:
    with pytest.raises(UsageError, match=r"did you mean jq\?"):
        parse_config(JQ, FILE).asset("jqq")
