"""The script of `emit fetch` in real Alpine containers, and on this machine."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emit.assets import lock
from emit.selftest.content import body
from integration.assets import add_jq, emit, jq_toml, packed, program, tar, toml, zipped

if TYPE_CHECKING:
    from emit.selftest.place import Run
    from integration.containers import Alpine
    from integration.forge import Shelf

BLOCK = 64 << 10
SIZE = 5 * BLOCK + 77
NEW = ("3.20",)
ALL = ("3.6", "3.8", "3.12", "3.16", "3.20", "edge")
NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "SMALL", BLOCK)
    monkeypatch.setattr(lock, "LEAST", BLOCK)


def script(alpine: Alpine, text: str, *options: str) -> str:
    """Lock this emit.toml, write the script, and return where the container has it."""
    Path("emit.toml").write_text(text)
    emit("lock")
    name = f"get-{next(NUMBERS)}.sh"
    emit("fetch", "-o", str(alpine.shared / name), *options)
    return f"{alpine.scripts}/{name}"


def big(shelf: Shelf, dest: str = "/b", **keys: str) -> str:
    """Publish a file of six blocks; return its table."""
    shelf.files["big"] = body(SIZE, "big")
    return toml("big", f'url = "{shelf.site.url("/files/big")}"', install=f'"{dest}"', **keys)


def failed(alpine: Alpine, run: Run, status: int, says: str) -> None:
    """Assert how it failed, that it said why, and that nothing is left but what was there."""
    assert (run.status, says in run.stderr) == (status, True), run
    assert run.stderr.splitlines()[-1].startswith("get-"), run
    assert [file for file in run.files if not file.endswith(("/r", "/r/b"))] == [], run
    assert alpine.processes() == []


@pytest.mark.releases(*ALL)
def test_every_kind_of_file_lands_where_it_belongs(trusting: Alpine, shelf: Shelf) -> None:
    wanted = {"plain": b"p", "big": body(SIZE, "big")}
    add_jq(shelf)
    text = jq_toml(shelf) + big(shelf, "/opt/big", mode='"0600"')
    for end in ("gz", "xz", "bz2"):
        shelf.files[f"one.{end}"] = packed(program(end), end)
        shelf.files[f"t.tar.{end}"] = tar({"t-1/bin/t": program(end), "t-1/x": b"x"}, end)
        for kind, member in (("one", "true"), ("t.tar", '"t"')):
            name = f"{kind[0]}{end}"
            text += toml(name, f'url = "{shelf.site.url(f"/files/{kind}.{end}")}"',
                         unpack=member, install=f'"/usr/bin/{name}"')  # fmt: skip
            wanted[name] = program(end)
    shelf.files["t.zip"] = zipped({"bin/z": program("z"), "bin/y y": b"y", "x": b"x"})
    shelf.files["d.tar"] = tar({"d-1/bin/d": program("d"), "d-1/e e": b"e"}, "")
    text += toml("z", f'url = "{shelf.site.url("/files/t.zip")}"', unpack='"bin/*"',
                 strip="1", into='"/z"')  # fmt: skip
    text += toml("d", f'url = "{shelf.site.url("/files/d.tar")}"', unpack="true", strip="1",
                 into='"/d"')  # fmt: skip
    run = trusting.run(["sh", script(trusting, text), "-q", "-r", "r"])
    assert (run.status, run.stderr) == (0, ""), run
    root = trusting.out / "r"
    for name in ("ogz", "oxz", "obz2", "tgz", "txz", "tbz2"):
        assert (root / "usr/bin" / name).read_bytes() == wanted[name], name
    assert (root / "usr/local/bin/jq").read_bytes() == program("jq-amd64")
    assert (root / "opt/big").read_bytes() == wanted["big"]
    assert (root / "opt/big").stat().st_mode & 0o777 == 0o600
    tree = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    assert [path for path in tree if path[:2] in {"z/", "d/"}] == [
        "d/bin/d",
        "d/e e",
        "z/y y",
        "z/z",
    ]
    assert (root / "d/bin/d").stat().st_mode & 0o777 == 0o755
    assert len(tree) == 12
    names = [path for path in run.files if ".emit." in path or "scratch" in path]
    assert names == [], "nothing is left"


@pytest.mark.releases(*ALL)
def test_a_bad_block_and_no_other_is_asked_for_again(trusting: Alpine, shelf: Shelf) -> None:
    name = script(trusting, big(shelf))
    asked = len(shelf.site.log("/big"))
    shelf.damaged = {2 * BLOCK: 1}
    run = trusting.run(["sh", name, "-r", "r"])
    assert run.status == 0, run
    assert (trusting.out / "r/b").read_bytes() == body(SIZE, "big")
    ranges = [each.range for each in shelf.site.log("/big")[asked:]]
    assert len(ranges) == 7
    assert sorted({span for span in ranges if ranges.count(span) > 1}) == [
        f"bytes={2 * BLOCK}-{3 * BLOCK - 1}"
    ]


@pytest.mark.releases(*NEW)
def test_a_block_that_ended_early_goes_on_where_it_ended(trusting: Alpine, shelf: Shelf) -> None:
    name = script(trusting, big(shelf))
    asked = len(shelf.site.log("/big"))
    shelf.cut = 1
    assert trusting.run(["sh", name, "-P", "1", "-r", "r"]).status == 0
    assert (trusting.out / "r/b").read_bytes() == body(SIZE, "big")
    second = shelf.site.log("/big")[asked:][1].range
    assert second == f"bytes={BLOCK // 2}-{BLOCK - 1}"


@pytest.mark.releases(*NEW)
def test_an_asset_uploaded_again_is_refused_and_the_old_file_stays(
    trusting: Alpine, shelf: Shelf
) -> None:
    name = script(trusting, big(shelf))
    (trusting.out / "r").mkdir()
    (trusting.out / "r/b").write_bytes(b"old")
    shelf.files["big"] = body(SIZE, "other")
    run = trusting.run(["sh", name, "-r", "r"])
    failed(trusting, run, 9, "uploaded again?")
    assert (trusting.out / "r/b").read_bytes() == b"old"


@pytest.mark.releases(*NEW)
def test_a_missing_asset_ends_it_at_once(trusting: Alpine, shelf: Shelf) -> None:
    name = script(trusting, big(shelf))
    del shelf.files["big"]
    run = trusting.run(["sh", name, "-r", "r"])
    failed(trusting, run, 8, "404")
    assert run.seconds < 5
    assert len(run.stderr.splitlines()) == 1, "of four workers one is heard"


@pytest.mark.releases(*NEW)
def test_a_server_that_is_down_is_waited_for_and_then_given_up(
    trusting: Alpine, shelf: Shelf
) -> None:
    add_jq(shelf)
    name = script(trusting, jq_toml(shelf))
    shelf.down = 1
    assert trusting.run(["sh", name, "-r", "r"]).status == 0
    shutil.rmtree(trusting.out / "r")
    shelf.down = 99
    run = trusting.run(["sh", name, "-r", "r", "-t", "2"])
    assert (run.status, "503" in run.stderr, "for 2 s (-t)" in run.stderr) == (4, True, True), run


@pytest.mark.releases(*NEW)
def test_a_signature_that_expires_is_asked_for_again(trusting: Alpine, shelf: Shelf) -> None:
    add_jq(shelf)
    name = script(trusting, jq_toml(shelf))
    shelf.ttl = 0.3
    assert trusting.run(["sh", name, "-r", "r"]).status == 0


@pytest.mark.releases(*NEW)
def test_without_ranges_on_the_way_it_is_read_in_one_piece(trusting: Alpine, shelf: Shelf) -> None:
    name = script(trusting, big(shelf))
    shelf.ranges = False
    run = trusting.run(["sh", name, "-r", "r"])
    assert (run.status, "in one piece" in run.stderr) == (0, True), run
    assert (trusting.out / "r/b").read_bytes() == body(SIZE, "big")


@pytest.mark.releases(*NEW)
def test_an_unknown_authority_is_told_at_once(alpine: Alpine, shelf: Shelf) -> None:
    name = script(alpine, big(shelf))
    hide = "for f in /etc/ssl/cert.pem /etc/ssl/certs/ca-certificates.crt; do : >$f; done"
    mount = f"{alpine.shared}:{alpine.scripts}:ro"
    done = subprocess.run(
        ["docker", "run", "--rm", "--network", "host", "-v", mount,
         "alpine:3.20", "sh", "-c", f"{hide}; sh {name} -r /r; echo $?; find /r -type f"],
        capture_output=True, check=False, text=True, timeout=30,
    )  # fmt: skip
    assert done.stdout == "5\n", done
    assert "is not verified" in done.stderr


@pytest.mark.releases("3.6", *NEW)
def test_a_signal_ends_all_of_it(trusting: Alpine, shelf: Shelf) -> None:
    """The ssl_client of wget too, which would go on until the server hangs up."""
    name = script(trusting, big(shelf))
    shelf.hang = {BLOCK}
    stopped(trusting, shelf, name, "/big", 4)


@pytest.mark.releases(*NEW)
def test_a_signal_ends_what_asks_with_a_token(
    trusting: Alpine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = script(trusting, private_toml(shelf, monkeypatch, "gitlab"))
    shelf.hang = {0}
    stopped(trusting, shelf, name, "/tool", 4, MY_TOKEN=shelf.token)


def stopped(alpine: Alpine, shelf: Shelf, name: str, path: str, count: int, **env: str) -> None:
    """Stop a script once it has asked COUNT times; assert that nothing runs on or is left."""
    asked = len(shelf.site.log(path))
    given = ["env", *(f"{key}={value}" for key, value in env.items())]
    with alpine.started([*given, "sh", name, "-r", "r"]) as started:
        shelf.site.wait(lambda log: sum(path in each.path for each in log) >= asked + count)
        time.sleep(0.2)
        alpine.kill("TERM", group=False)
        run = started.finish()
    assert run.status == 143, run
    assert [file for file in run.files if file != "out/r"] == []
    assert alpine.processes() == []


@pytest.mark.releases(*NEW)
def test_blocks_are_kept_where_c_says(trusting: Alpine, shelf: Shelf) -> None:
    name = script(trusting, big(shelf))
    run = trusting.run(["sh", name, "-c", "kept", "-r", "r"])
    asked = len(shelf.site.log("/big"))
    kept = sorted((trusting.out / "kept").iterdir())
    assert (run.status, len(kept)) == (0, 6)
    kept[0].write_bytes(kept[0].read_bytes()[:-1] + b"?")
    kept[1].unlink()
    shutil.rmtree(trusting.out / "r")
    assert trusting.run(["sh", name, "-c", "kept", "-r", "r"]).status == 0
    assert len(shelf.site.log("/big")) == asked + 2, "the damaged one and the missing one"
    assert (trusting.out / "r/b").read_bytes() == body(SIZE, "big")


@pytest.mark.releases(*NEW)
def test_what_does_not_run_is_told(trusting: Alpine, shelf: Shelf) -> None:
    shelf.files["t"] = b"#!/bin/sh\nexit 3\n"
    url = shelf.site.url("/files/t")
    place = f"/tmp/t{next(NUMBERS)}"  # noqa: S108 - in the container
    name = script(trusting, toml("t", f'url = "{url}"', install=f'"{place}"', test=f'"{place} -V"'))
    run = trusting.run(["sh", name], user="0")
    assert (run.status, f"t does not run: {place} -V" in run.stderr) == (1, True), run


@pytest.mark.releases(*NEW)
def test_a_machine_without_a_pin_and_an_unknown_name(trusting: Alpine, shelf: Shelf) -> None:
    add_jq(shelf)
    text = jq_toml(shelf).replace('"jq-{os}-{arch}"', '{ "linux/arm64" = "jq-linux-arm64" }')
    name = script(trusting, text)
    for arguments, says in (((), "there is no jq for x86_64"), (("yq",), "there is no yq for")):
        run = trusting.run(["sh", name, *arguments])
        assert (run.status, says in run.stderr, run.files) == (10, True, []), run


@pytest.mark.releases(*NEW)
@pytest.mark.parametrize(
    "arguments", [["-P", "0"], ["-P", "99"], ["-t", "x"], ["-z"], ["-c"]], ids=" ".join
)
def test_a_wrong_option_is_a_usage_error(
    trusting: Alpine, shelf: Shelf, arguments: list[str]
) -> None:
    run = trusting.run(["sh", script(trusting, big(shelf)), *arguments])
    assert (run.status, arguments[0] in run.stderr, run.files) == (2, True, []), run


@pytest.mark.releases(*NEW)
def test_a_place_that_cannot_be_written_to(trusting: Alpine, shelf: Shelf) -> None:
    name = script(trusting, big(shelf))
    run = trusting.run(["sh", name, "-r", "/proc"])
    assert (run.status, "cannot write to /proc/" in run.stderr) == (3, True), run
    run = trusting.run(["sh", name, "-r", "/small"], timeout=20)
    assert run.status == 0, "this disk is large enough"


@pytest.mark.releases(*NEW)
def test_a_full_disk_is_told(trusting: Alpine, shelf: Shelf) -> None:
    shelf.files["big"] = body(3 << 20, "big")
    url = shelf.site.url("/files/big")
    name = script(trusting, toml("big", f'url = "{url}"', install='"/b"'))
    run = trusting.run(["sh", name, "-q", "-r", "/small/full"], timeout=20)
    left = trusting.run(["find", "/small/full", "-type", "f"])
    assert (run.status, left.stdout) == (3, b""), run
    assert "cannot write" in run.stderr or "disk" in run.stderr


@pytest.mark.releases(*NEW)
def test_the_manual_is_its_head(trusting: Alpine, shelf: Shelf) -> None:
    run = trusting.run(["sh", script(trusting, big(shelf)), "-h"])
    assert run.status == 0
    assert b"usage: sh get-" in run.stdout
    assert b"set -eu" not in run.stdout


def private_toml(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, kind: str) -> str:
    """Publish a private file on a forge of this kind, whose token we have; return its table."""
    shelf.add("o/tool", "v1", {"tool": body(SIZE, "tool")})
    shelf.token = "t0k3n"  # noqa: S105 - of this forge
    monkeypatch.setenv(f"{kind.upper()}_TOKEN", shelf.token)
    monkeypatch.setenv("CI_SERVER_URL", shelf.server)
    return toml(
        "tool",
        f'{kind} = "o/tool"\nserver = "{shelf.server}"',
        version='"v1"',
        file='"tool"',
        install='"/b"',
        secret='"my_token"',  # noqa: S106 - its name
    )


@pytest.mark.releases(*ALL[2:])
@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_private_asset_by_the_api(
    trusting: Alpine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """GitHub redirects to storage, GitLab answers with the file itself."""
    name = script(trusting, private_toml(shelf, monkeypatch, kind))
    asked = len(shelf.site.log())
    run = trusting.run(["sh", name, "-r", "r"], env={"MY_TOKEN": shelf.token})
    assert run.status == 0, run
    assert (trusting.out / "r/b").read_bytes() == body(SIZE, "tool")
    log = shelf.site.log()[asked:]
    assert [
        each for each in log if "/storage/" in each.path and "authorization" in each.headers
    ] == []
    run = trusting.run(["sh", name, "-r", "s"])
    assert (run.status, "no /run/secrets/my_token" in run.stderr) == (6, True), run


# This machine, which is no Alpine


@pytest.mark.parametrize("client", ["wget", "curl"])
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_gnu_wget_and_curl_do_as_well(
    shelf: Shelf, tmp_path: Path, client: str, shell: str
) -> None:
    if not (shutil.which(client) and shutil.which(shell)):
        pytest.skip(f"there is no {client} or no {shell} here")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("cat", "chmod", "cp", "date", "dd", "mkdir", "mktemp", "mv", "rm", "sed", "sh",
                 "sha256sum", "sleep", "stat", "tail", "tar", "gzip", "uname", client):  # fmt: skip
        found = shutil.which(tool)
        assert found, tool
        (tools / tool).symlink_to(found)
    shelf.files["t.tgz"] = tar({"t/a": program("a"), "t/b": b"b"})
    tree = toml("t", f'url = "{shelf.site.url("/files/t.tgz")}"', unpack='"t/*"', into='"/t"')
    Path("emit.toml").write_text(big(shelf) + tree)
    emit("lock")
    emit("fetch", "-o", "get.sh")
    shelf.damaged, shelf.cut = {BLOCK: 1}, 1
    env = {"PATH": str(tools), "TMPDIR": str(tmp_path)}
    authority = os.environ["SSL_CERT_FILE"]
    Path("wgetrc").write_text(f"ca_certificate = {authority}\n")
    env |= {"CURL_CA_BUNDLE": authority, "WGETRC": "wgetrc"}
    run = subprocess.run(
        [shutil.which(shell) or shell, "get.sh", "-r", "r"],
        env=env, capture_output=True, check=False, text=True, timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert Path("r/b").read_bytes() == body(SIZE, "big")
    assert Path("r/t/t/a").read_bytes() == program("a")
    assert not list(Path("r").rglob(".emit*"))
