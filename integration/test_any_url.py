"""Any URL, any path: what they hold is data, never code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emit.selftest.behaviour.registry import HOSTILE_SIZE
from emit.selftest.content import body
from integration.conftest import SCRIPTS
from integration.rget import Rget, odd

if TYPE_CHECKING:
    from emit.selftest.journal import Site

HOSTILE = {
    "ampersand": "a&touch&pwned",
    "semicolon": "a;touch;pwned",
    "single-quote": "a'b''c",
    "double-quote": 'a"b""c',
    "substitution": "$(touch%20pwned)",
    "backticks": "`touch%20pwned`",
    "backslash": "a\\b\\\\c\\n",
    "percent": "a%20b%25c%0Ad%d%s",
    "dollar": "$HOME${IFS}$1$@$$",
    "glob": "*?[a-z]~",
    "query": "a?x=$(id)&y=*&z=a+b;c",
    "pipe": "a|touch|pwned>x<y",
    "braces": "{a,b}(c)!d^e",
    "dashes": "--post-file=/etc/passwd",
    "all": "&;'\"$(touch%20pwned)`touch%20pwned`\\*|",
}
NAMES = {
    **{name: path.replace("/", "_") for name, path in HOSTILE.items()},
    "spaces": " two  spaces ",
    "newline": "two\nlines\n",
    "dash": "-rf",
    "dashes": "--",
    "dots": "...",
    "star": "*",
}


@pytest.mark.parametrize("path", HOSTILE.values(), ids=HOSTILE)
def test_a_url_is_data(rget: Rget, site: Site, path: str) -> None:
    """The server answers what only this very path has."""
    content = body(HOSTILE_SIZE, f"/h/{path}")
    rget.fetches(content, "-u", site.url(f"/h/{path}"), "-b", "1000")


@pytest.mark.releases("3.8", "3.12", "edge")
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_url_is_data_in_every_form_of_the_script(rget: Rget, site: Site, script: str) -> None:
    path = f"/h/{HOSTILE['all']}"
    content = body(HOSTILE_SIZE, path)
    Rget(rget.place, script).fetches(content, "-u", site.url(path), "-b", "1000")


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("path", HOSTILE.values(), ids=HOSTILE)
def test_where_a_redirect_leads_is_data(rget: Rget, site: Site, path: str) -> None:
    content = body(HOSTILE_SIZE, f"/h/{path}")
    rget.fetches(content, "-u", site.url(f"/redirect/302/other/h/{path}"), "-b", "1000")


def test_a_space_in_a_url_is_asked_for_as_percent_20(rget: Rget, site: Site) -> None:
    content = body(HOSTILE_SIZE, "/h/a%20b")
    rget.fetches(content, "-u", site.url("/h/a b"), "-b", "1000")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_output_path_is_data(rget: Rget, site: Site, name: str) -> None:
    rget.fetches(body(5000), "-u", site.url("/file/5000"), "-b", "1000", out=name)


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_folder_in_an_output_path_is_data(rget: Rget, site: Site, name: str) -> None:
    (rget.place.out / name).mkdir()
    run = rget.run("-u", site.url("/file/5000"), "-b", "1000", out=f"{name}/f")
    assert (run.status, odd(run.stderr)) == (0, [])
    assert run.files == sorted([f"out/{name}", f"out/{name}/f"])
    assert (rget.place.out / name / "f").read_bytes() == body(5000)


@pytest.mark.releases("3.6", "3.12", "edge")
def test_tmpdir_is_data(rget: Rget, site: Site) -> None:
    odd_folder = " $(touch pwned) ' \" & ;"
    (rget.place.out / odd_folder).mkdir()
    environment = {"TMPDIR": f"/work/{rget.place.name}/out/{odd_folder}"}
    run = rget.run("-u", site.url("/file/5000"), "-b", "1000", env=environment)
    assert (run.status, odd(run.stderr)) == (0, [])
    assert run.files == sorted([f"out/{odd_folder}", "out/f"])


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_header_is_data(rget: Rget, site: Site, value: str) -> None:
    rget.fetches(body(5000), "-u", site.url("/file/5000"), "-b", "1000", "-H", f"X-Odd: {value}")
    assert {exchange.headers["x-odd"] for exchange in site.log()} == {value}


@pytest.mark.releases("3.6", "3.12", "edge")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a\nb",
        "http://127.0.0.1:1/a\rb",
        "http://127.0.0.1:1/a\tb",
        "http://127.0.0.1:1/a\x01b",
        "http://127.0.0.1:1/a\x7fb",
        "127.0.0.1:1/no-scheme",
        "/etc/passwd",
        "ftp://127.0.0.1:1/",
        "file:///etc/passwd",
        "http://",
        "http:///path",
        "-O/etc/passwd",
    ],
    ids=repr,
)
def test_a_url_no_server_could_be_asked_is_a_usage_error(rget: Rget, url: str) -> None:
    run = rget.fails(2, "-u", url)
    assert run.stderr.count("\n") == 1
