from pathlib import Path

import pytest

from emit.layers.report import Examined, examine
from emit.layers.source import read_image
from emit.layers.waste import is_secret, is_secret_arg, rule_of
from emit.layers.weigh import Weight, weigh
from tests.layers.images import F, Made, Step, docker25, file, gone, unpacked
from tests.layers.planted import EXPECTED, SECRET, SIZE, planted


def examined(made: Made, folder: Path, base: int | None = None) -> Examined:
    place = unpacked(docker25(made), folder)
    image = read_image(str(place), told=lambda _: None)
    return examine("waste", image, base=base)


def test_five_ways_to_waste_are_five_findings(tmp_path: Path) -> None:
    report = examined(planted(), tmp_path).report
    found = {one.rule: one for one in report.findings[:5]}
    assert {rule: (one.layer, one.killed_by, one.bytes) for rule, one in found.items()} == {
        rule: (layer, killer, SIZE) for rule, (layer, killer, _) in EXPECTED.items()
    }
    assert [rule for rule, (_, _, cure) in EXPECTED.items() if cure not in found[rule].hint] == []
    assert [one.rule for one in report.findings[5:]] == ["removed"], "the small secret"


def test_the_totals_are_those_of_the_books(tmp_path: Path) -> None:
    report = examined(planted(), tmp_path).report
    totals = report.totals
    secret = len(SECRET)
    assert totals.wasted == 3 * SIZE + secret
    assert totals.stored == totals.visible + totals.wasted == 7 * SIZE + SIZE // 2 + 1000 + secret
    assert totals.duplicate == SIZE
    assert totals.efficiency == pytest.approx(100 * totals.visible / totals.stored, abs=0.01)
    assert totals.pulled == sum(map(len, planted().blobs()))
    assert sum(layer.wasted for layer in report.layers) == totals.wasted
    assert sum(layer.removed for layer in report.layers) == totals.wasted
    assert report.layers[6].rewritten == SIZE
    assert sum(layer.stored for layer in report.layers) == totals.stored


def test_plain_layers_have_no_size_to_pull(tmp_path: Path) -> None:
    report = examined(planted("plain"), tmp_path).report
    assert report.totals.pulled is None
    assert {layer.pulled for layer in report.layers} == {None}


def test_what_only_the_base_image_can_mend_comes_last(tmp_path: Path) -> None:
    findings = examined(planted(), tmp_path, base=3).report.findings
    assert [one.rule for one in findings if one.base] == ["overwritten"]
    assert findings[-1].base


def test_what_removes_the_bases_files_has_another_cure(tmp_path: Path) -> None:
    (one,) = [
        one
        for one in examined(planted(), tmp_path, base=6).report.findings
        if one.rule == "rewritten"
    ]
    assert not one.base
    assert "base image" in one.hint


def test_a_secret_is_told_with_its_layers_and_never_read(tmp_path: Path) -> None:
    report = examined(planted(), tmp_path).report
    (secret,) = report.secrets
    assert (secret.path, secret.layer, secret.removed_by) == ("/root/.npmrc", 9, 10)
    assert report.image.secret_args == ("NPM_TOKEN",)
    assert "hunter2" not in repr(report)


def two(first: F, second: F, by: tuple[str, str]) -> Made:
    return Made(
        steps=[Step(by=by[0], members=[first]), Step(by=by[1], members=[second, gone("gone")])]
    )


@pytest.mark.parametrize(
    ("by", "uid", "mode", "what", "hint"),
    [
        ("COPY a /", 5, 0o644, "only the owner", "COPY --chown=USER:GROUP sets it"),
        ("ADD a /", 0, 0o755, "only the mode", "COPY --chmod=MODE sets it"),
        ("COPY a /", 5, 0o755, "only the mode and owner", "COPY --chown=USER:GROUP --chmod=MODE"),
        ("RUN make", 5, 0o644, "only the owner", "do it in the RUN that made the files"),
        ("COPY a /", 0, 0o644, "only the time", "the second command brings the same bytes"),
    ],
)
def test_the_cure_of_a_rewrite_fits_what_it_changed(
    by: str, uid: int, mode: int, what: str, hint: str, tmp_path: Path
) -> None:
    made = two(file("a", b"same"), F(path="a", data=b"same", uid=uid, mode=mode), (by, "RUN x"))
    (one,) = examined(made, tmp_path).report.findings
    assert one.what.startswith("rewrites what layer 1 stored")
    assert what in one.what
    assert hint in one.hint


def test_a_moved_file_is_told_as_moved(tmp_path: Path) -> None:
    made = two(file("gone", b"same"), file("new", b"same"), ("RUN a", "RUN mv /gone /new"))
    (one,) = examined(made, tmp_path).report.findings
    assert (one.rule, one.bytes) == ("moved", 4)


def test_a_file_stored_twice_by_one_layer_is_told(tmp_path: Path) -> None:
    made = Made(steps=[Step(by="RUN a", members=[file("a", b"1"), file("a", b"2")])])
    (one,) = examined(made, tmp_path).report.findings
    assert (one.what, one.layer, one.killed_by) == ("stores files twice", 1, 1)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("var/lib/apt/lists/x_Packages", "apt_lists"),
        ("var/cache/apt/archives/a.deb", "apt_cache"),
        ("var/cache/apk/APKINDEX.1.tar.gz", "apk_cache"),
        ("etc/apk/cache/a.apk", "apk_cache"),
        ("var/cache/dnf/x/y.rpm", "rpm_cache"),
        ("root/.cache/pip/http/1", "pip_cache"),
        ("home/x/.npm/_cacache/index", "npm_cache"),
        ("usr/local/share/.cache/yarn/v6/x", "npm_cache"),
        ("go/pkg/mod/cache/x", "go_cache"),
        ("root/.cache/go-build/ab/c", "go_cache"),
        ("usr/local/cargo/registry/src/x", "cargo_cache"),
        ("root/.m2/repository/x.jar", "maven_cache"),
        ("usr/local/bundle/ruby/3.2.0/cache/x.gem", "gem_cache"),
        ("app/.git/objects/pack/x", "git"),
        ("usr/lib/python3/x.pyc", "bytecode"),
        ("usr/share/doc/a/README", "docs"),
        ("usr/include/stdio.h", "headers"),
        ("usr/lib/libc.a", "headers"),
        ("tmp/x", "tmp"),
        ("var/log/apk.log", "logs"),
        ("app/core.1234", "core"),
        ("app/.gitignore", ""),
        ("usr/lib/libc.so", ""),
        ("app/core", ""),
        ("app/tmp/x", ""),
        ("var/cache/apk", ""),
    ],
)
def test_known_waste_is_told_by_its_place(path: str, rule: str) -> None:
    assert rule_of(path) == rule


@pytest.mark.parametrize(
    "path",
    [
        "root/.ssh/id_rsa", "app/.npmrc", ".netrc", "app/.env", "app/.env.production",
        "root/.aws/credentials", "root/.docker/config.json", "etc/keys/server.p12",
    ],
)  # fmt: skip
def test_secrets_are_told_by_their_names(path: str) -> None:
    assert is_secret(path)


@pytest.mark.parametrize("path", ["etc/ssl/cert.pem", "id_rsa.pub", "app/.env.example", "x.envy"])
def test_what_only_looks_like_a_secret_is_none(path: str) -> None:
    assert not is_secret(path)


def test_secret_arguments_are_told_by_their_names() -> None:
    assert all(map(is_secret_arg, ["NPM_TOKEN", "db_password", "API_KEY"]))
    assert not any(map(is_secret_arg, ["VERSION", "KEYBOARD", "TARGETARCH"]))


def weights(items: dict[str, int], most: int = 3) -> list[tuple[str, int, int]]:
    return [(one.path, one.bytes, one.files) for one in weigh(items.items(), most)]


def test_the_places_that_say_most_are_shown() -> None:
    many = {f"app/node_modules/{n % 10}/{n}": 10 for n in range(1000)}
    assert weights(many) == [("/app/node_modules/", 10_000, 1000)]
    assert weights({**many, "app/big": 90_000}) == [
        ("/app/big", 90_000, 1),
        ("/app/node_modules/", 10_000, 1000),
    ]
    assert weights({"a": 1, "b": 3, "c": 2, "d": 1}) == [("/b", 3, 1), ("/c", 2, 1), ("/a", 1, 1)]
    assert weights({"empty": 0}) == weights({}) == []


def test_a_path_is_made_harmless() -> None:
    assert weigh([("a\x1b[31m\n\u202e\udcff", 1)], 1) == (
        Weight(path="/a\\x1b[31m\\n\\u202e\\xff", bytes=1, files=1),
    )
