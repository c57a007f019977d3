from pathlib import Path

import pytest

from emit.compose import compose
from emit.errors import BugError

TEMPLATE = """\
#!/bin/sh
set -eu

NAME={{ name | sh }}

main() {
	echo "$NAME"
}

main "$@"
"""


@pytest.fixture
def template(own_templates: Path) -> Path:
    file = own_templates / "x.sh.j2"
    file.write_text(TEMPLATE)
    return file


@pytest.mark.usefixtures("template")
def test_a_script_is_rendered() -> None:
    assert compose("x.sh.j2", {"name": "it's"}) == TEMPLATE.replace(
        "{{ name | sh }}", "'it'\"'\"'s'"
    )


@pytest.mark.usefixtures("template")
def test_the_short_form_has_one_comment() -> None:
    short = compose("x.sh.j2", {"name": "a b"}, short="x 1.0")
    assert short == '#!/bin/sh\n# x 1.0\nset -eu\na=\'a b\'\nmain(){\necho "$a"\n}\nmain "$@"\n'


@pytest.mark.parametrize("short", [None, "x 1.0"])
def test_a_broken_rule_stops_either_form(template: Path, short: str | None) -> None:
    template.write_text(TEMPLATE.replace("\techo", "  echo"))
    with pytest.raises(BugError, match="line 7: is indented by a space"):
        compose("x.sh.j2", {"name": "a"}, short=short)
