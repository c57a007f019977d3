from pathlib import Path

import pytest

from emit.bump import bumped
from emit.errors import ConfigError
from tests.assets.pinned import TEXT, config

FILE = Path("emit.toml")


def test_only_the_version_changes() -> None:
    new = bumped(TEXT, config().asset("jq"), "jq-1.8", FILE)
    assert new == TEXT.replace('"jq-1.7.1"', '"jq-1.8"')
    assert "# renovate: datasource=github-releases depName=jqlang/jq\nversion" in new


def test_line_ends_and_single_quotes_stay() -> None:
    text = TEXT.replace('"jq-1.7.1"', "'jq-1.7.1'").replace("\n", "\r\n")
    assert bumped(text, config(text).asset("jq"), "2", FILE) == text.replace("'jq-1.7.1'", "'2'")


def test_a_version_that_does_not_stand_alone_is_said_not_guessed() -> None:
    text = '[asset]\njq = { github = "a/b", version = "1", file = "x", install = "/x" }\n'
    with pytest.raises(ConfigError, match='write version = "2" by hand'):
        bumped(text, config(text).asset("jq"), "2", FILE)
