from datetime import UTC, datetime

import pytest

from emit.assets.forge import Found, Release, by_version, is_prerelease, newest, pick
from emit.assets.http import api_of, token_for
from emit.assets.platforms import PLATFORMS
from emit.assets.spec import bare_version, format_of, parse_project, parse_spec
from emit.errors import ForgeError, UsageError


def test_a_spec_names_project_tag_and_pattern() -> None:
    asset = parse_spec("jqlang/jq@jq-1.7.1:jq-{os}-{arch}")
    assert (asset.name, asset.version) == ("jq", "jq-1.7.1")
    assert asset.pattern("linux/arm64") == "jq-linux-arm64"


def test_a_spec_may_be_a_url() -> None:
    asset = parse_spec("https://example.com/a/Tool-1.2.tar.gz")
    assert (asset.name, asset.files) == ("tool", (("any", "Tool-1.2.tar.gz"),))


@pytest.mark.parametrize("spec", ["jq", "a/b", "a/b@c", "a@b:c", "ftp://x/y", "http:///y"])
def test_anything_else_is_no_spec(spec: str) -> None:
    with pytest.raises(UsageError, match="is no SPEC"):
        parse_spec(spec)


def test_a_url_without_a_file_and_an_unknown_placeholder_are_refused() -> None:
    with pytest.raises(UsageError, match="names no file"):
        parse_spec("https://example.com/")
    with pytest.raises(UsageError, match=r"no placeholder \{cpu\}"):
        parse_spec("a/b@1:x-{cpu}")


@pytest.mark.parametrize(
    ("tag", "bare"), [("jq-1.7.1", "1.7.1"), ("v1.2-rc1", "1.2-rc1"), ("edge", "edge")]
)
def test_a_version_is_its_tag_from_the_first_digit_on(tag: str, bare: str) -> None:
    assert bare_version(tag) == bare


def test_the_end_of_a_name_tells_the_format() -> None:
    names = ["a.tar.gz", "a.TGZ", "a.zip", "a.gz", "a.tar", "a.1", "a.tar.zst"]
    assert [format_of(name) for name in names] == ["tar", "tar", "zip", "gz", "tar", "", ""]


def test_projects_of_other_forges() -> None:
    assert str(parse_project("gitlab:a/b/c", None)) == "gitlab a/b/c"
    assert str(parse_project("gitea:a/b", "https://codeberg.org/")) == (
        "gitea a/b on https://codeberg.org"
    )
    for bad in ("jq", "svn:a/b", "a b/c"):
        with pytest.raises(UsageError, match="is no project"):
            parse_project(bad, None)
    with pytest.raises(UsageError, match="wants a URL"):
        parse_project("a/b", "codeberg.org")


def test_every_platform_has_three_names() -> None:
    arm = PLATFORMS["linux/arm/v7"]
    assert (arm.os, arm.arch, arm.apk, arm.machine) == ("linux", "armv7", "armv7", "armv7l")


def files(*names: str) -> list[Found]:
    return [Found(name=name, url="") for name in names]


def test_a_pattern_picks_one_file() -> None:
    assert pick(files("a-1.zip", "a-1.zip.sig"), "a-*.zip", "here").name == "a-1.zip"
    with pytest.raises(ForgeError, match=r"here: 2 files match a\*: a1, a2; be more precise"):
        pick(files("a2", "a1"), "a*", "here")
    with pytest.raises(ForgeError, match=r"tool-amd64; did you mean tool_amd64\?"):
        pick(files("tool_amd64", "x"), "tool-amd64", "here")
    with pytest.raises(ForgeError, match="it has: no file at all"):
        pick([], "a", "here")


def test_an_exact_name_comes_before_a_pattern() -> None:
    assert pick(files("a[1]", "a1"), "a[1]", "here").name == "a[1]"


OLD, NEW = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tags", "current", "expected"),
    [
        (["v1.9", "v1.10", "v1.2"], "v1.2", "v1.10"),
        (["v1.3-rc1", "v1.3-beta.2", "v1.2.1"], "v1.2", "v1.2.1"),
        (["v1.3-rc2"], "v1.3-rc1", "v1.3-rc2"),
        (["lib-v9", "cli-v2"], "cli-v1", "cli-v2"),
        (["v1.0"], "v1.2", "v1.2"),
        ([], "v1", "v1"),
    ],
)
def test_the_newest_version_is_a_successor(tags: list[str], current: str, expected: str) -> None:
    assert newest([Release(tag=tag) for tag in tags], current, before=None) == expected


def test_a_release_that_is_too_young_or_has_no_date_is_not_taken() -> None:
    releases = [
        Release(tag="v3", published=NEW),
        Release(tag="v2", published=OLD),
        Release(tag="v4"),
        Release(tag="v5", published=OLD, prerelease=True),
    ]
    assert newest(releases, "v1", before=datetime(2024, 2, 1, tzinfo=UTC)) == "v2"


def test_versions_are_compared_as_numbers() -> None:
    assert by_version("v1.10") > by_version("v1.9.9")
    assert [is_prerelease(tag) for tag in ("1.0rc1", "v2-alpha", "v2.0", "predator-1")] == [
        *(True, True, False, False)
    ]


def test_a_token_is_for_one_server() -> None:
    env = {"GITHUB_TOKEN": "t", "EMIT_TOKEN_GIT_EXAMPLE_COM_8443": "e"}
    assert token_for("github", "https://github.com", env) == ("t", "GITHUB_TOKEN")
    assert token_for("github", "https://git.example.com:8443", env)[0] == "e"
    assert token_for("github", "https://evil.example", env) == ("", "EMIT_TOKEN_EVIL_EXAMPLE")
    assert token_for("gitlab", "https://gitlab.com", env) == ("", "GITLAB_TOKEN")


def test_the_token_of_an_enterprise_server_does_not_go_to_the_public_one() -> None:
    env = {"GITHUB_TOKEN": "t", "GITHUB_SERVER_URL": "https://ghe.example"}
    assert token_for("github", "https://ghe.example", env)[0] == "t"
    assert token_for("github", "https://github.com", env)[0] == ""


def test_no_token_goes_over_plain_http() -> None:
    env = {"GITHUB_TOKEN": "t", "GITHUB_SERVER_URL": "http://ghe.example"}
    assert token_for("github", "http://ghe.example", env)[0] == ""


def test_each_forge_has_its_api_where_its_manual_says() -> None:
    assert api_of("github", "https://github.com") == "https://api.github.com"
    assert api_of("github", "https://g.example") == "https://g.example/api/v3"
    assert api_of("gitlab", "https://g.example") == "https://g.example/api/v4"
    assert api_of("gitea", "https://g.example") == "https://g.example/api/v1"
