import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from emit.assets.lockfile import locked
from emit.assets.spec import Asset
from emit.continuation import run_instruction
from emit.errors import UsageError
from emit.external import shellcheck, syntax_error
from emit.snippet import Look, body, snippet
from tests.assets.pinned import config, pins
from tests.variants import ROOT

GOLDEN = ROOT / "tests" / "golden" / "snippets.Dockerfile"
HADOLINT = Path(sys.executable).parent / "hadolint"
LOOKS = [
    ("jq", Look()),
    ("tool", Look()),
    ("tool", Look(resume=True)),
    ("jq", Look(style="rget")),
    ("tool", Look(style="rget")),
    ("jq", Look(style="add", part="use")),
    ("tool", Look(style="add", part="use")),
    ("tool", Look(style="script", resume=True)),
]
SPREADS = [
    {"install": "", "into": "/opt/x y", "strip": 1},
    {"install": "/opt/$(touch x)/a'b"},
    {"test": "tool --version | grep '1'"},
    {"mode": "0700", "test": ""},
]


def text(name: str, look: Look, **other: object) -> str:
    asset = config().asset(name)
    return snippet(replace(asset, **other), locked(asset, pins()), look)  # type: ignore[arg-type]


def test_the_styles_are_the_golden(request: pytest.FixtureRequest) -> None:
    """It is a Dockerfile: read it, lint it."""
    stages = "\n".join(text(name, Look(style="add", part="stages")) for name in ("jq", "tool"))
    rest = "\n".join(text(name, look) for name, look in LOOKS)
    whole = f"{stages}\nFROM alpine:3.20\n\n{rest}"
    if request.config.getoption("--update-goldens"):
        GOLDEN.write_text(whole)
    assert whole == GOLDEN.read_text()
    done = subprocess.run(
        [HADOLINT, "--no-color", "--ignore", "DL3059", GOLDEN],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def shells(asset: Asset) -> list[str]:
    both = locked(asset, pins())
    return [body(asset, both), body(asset, both, resume=True), body(asset, both, how="rget"),
            body(asset, both, how="mounted"), snippet(asset, both, Look(style="sh"))]  # fmt: skip


@pytest.mark.parametrize("name", ["jq", "tool"])
@pytest.mark.parametrize("other", [{}, *SPREADS], ids=str)
def test_whatever_stands_in_emit_toml_is_data(name: str, other: dict[str, str]) -> None:
    asset = replace(config().asset(name), **other)  # type: ignore[arg-type]
    for script in shells(asset):
        assert syntax_error(script) is None, script
        assert shellcheck(script) == [], script
        assert "$(touch x)" not in script.replace("'/opt/$(touch x)", "")


def test_a_private_asset_has_no_run_of_its_own() -> None:
    with pytest.raises(UsageError, match="a token must not follow a redirect"):
        text("jq", Look(), secret="my_token")  # noqa: S106 - its name
    script = text("jq", Look(style="script"), secret="my_token")  # noqa: S106 - its name
    assert "--mount=type=secret,id=my_token,required=true" in script


def test_unzip_strips_nothing_in_a_run() -> None:
    zipped = [replace(pin, file="t.zip") for pin in locked(config().asset("tool"), pins())]
    asset = replace(config().asset("tool"), install="", into="/opt", strip=1)
    with pytest.raises(UsageError, match="unzip strips no folders: use --style script"):
        snippet(asset, zipped, Look())
    assert "get-tool.sh" in snippet(asset, zipped, Look(style="script"))


def test_add_names_no_place_that_copy_would_split() -> None:
    with pytest.raises(UsageError, match="cannot name such a place"):
        text("jq", Look(style="add"), install="/a b")


def test_a_folder_that_may_be_missing_is_made() -> None:
    assert "mkdir -p /opt/a; \\\n" in text("jq", Look(), install="/opt/a/jq")
    assert "mkdir" not in text("jq", Look())


def test_variants_of_a_machine_are_chosen_by_two_arguments() -> None:
    asset = config().asset("jq")
    arm = replace(asset, files=(("linux/arm/v6", "a"), ("linux/arm/v7", "b")))
    both = [replace(pin, platform=platform) for pin, (platform, _) in
            zip(locked(asset, pins()), arm.files, strict=True)]  # fmt: skip
    stages = snippet(arm, both, Look(style="add", part="stages"))
    assert "FROM jq-${TARGETARCH}${TARGETVARIANT} AS jq\n" in stages
    assert "FROM scratch AS jq-armv6\n" in stages
    assert "\t\t'armhf') \\\n" in snippet(arm, both, Look())


def test_an_asset_for_any_machine_has_no_case() -> None:
    asset = replace(config().asset("jq"), files=(("any", "a"),))
    pin = replace(locked(config().asset("jq"), pins())[0], platform="any")
    assert "case" not in snippet(asset, [pin], Look())
    assert "TARGETARCH" not in snippet(asset, [pin], Look(style="add"))


def test_a_url_holds_nothing_that_a_dockerfile_would_expand() -> None:
    asset = config().asset("jq")
    odd = [replace(pin, url="https://e.com/$X/a\"b\\c'd") for pin in locked(asset, pins())]
    assert "https://e.com/%24X/a%22b%5Cc%27d \\\n" in snippet(asset, odd, Look(style="add"))


def test_lines_are_continued_where_a_command_ends() -> None:
    sh = "set -e\nif a; then\n\tb &\nfi\n\n# why\nx='\n\t" + "0" * 64 + "\n'\nn=$(c)\nd\n"
    assert run_instruction(sh, ["--mount=x"]) == (
        "RUN --mount=x \\\n\tset -e; \\\n\tif a; then \\\n\t\tb & \\\n\tfi; \\\n\t\\\n# why\n"
        "\tx=' \\\n\t\t" + "0" * 64 + " \\\n\t'; \\\n\tn=$(c); \\\n\td\n"
    )
