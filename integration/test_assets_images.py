"""The emitted blocks, built by the legacy builder and BuildKit, for two machines."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emit.assets import lock
from integration.assets import (
    JQ,
    add_fzf,
    add_jq,
    emit,
    jq_toml,
    packed,
    program,
    tar,
    toml,
    zipped,
)
from integration.builds import Built, added, saved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from emit.selftest.journal import Exchange
    from integration.builds import Builder
    from integration.forge import Shelf

AMD, ARM = "linux/amd64", "linux/arm64"
BLOCK = 256 << 10
BIN = {"usr", "usr/local", "usr/local/bin"}
HADOLINT = Path(sys.executable).parent / "hadolint"


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a megabyte fetched as hundreds of them are: emulation is slow."""
    monkeypatch.setattr(lock, "SMALL", BLOCK)
    monkeypatch.setattr(lock, "LEAST", BLOCK)


@pytest.fixture
def cached(builder: Builder) -> Iterator[Callable[[], None]]:
    """Take our own blocks out of the cache mount in the end."""
    sums: list[str] = []
    yield lambda: sums.extend(
        block for entry in tomllib.loads(Path("emit.lock").read_text())["asset"]
        for block in entry.get("blocks", ())
    )  # fmt: skip
    names = " ".join(f"/c/{block}.*" for block in sums)
    mount = "--mount=type=cache,id=emit,target=/c,sharing=locked"
    Path("Dockerfile").write_text(f"FROM {builder.base}\nRUN {mount} rm -f {names}\n")
    build(builder)


def dockerfile(builder: Builder, *blocks: str) -> None:
    """Write a Dockerfile with empty managed blocks upon the base, and have emit fill them.

    A block of stages comes before the base.
    """
    texts = [f"# emit: begin {block}\n# emit: end {block.split()[0]}\n" for block in blocks]
    stages = "".join(text for text in texts if "--part stages" in text)
    rest = "".join(text for text in texts if "--part stages" not in text)
    Path("Dockerfile").write_text(f"{stages}FROM {builder.base}\n{rest}")
    emit("sync")
    emit("check")


def build(builder: Builder, platform: str = AMD, *, legacy: bool = False, **env: str) -> Built:
    """Build it, and assert that it worked."""
    built = builder.build(Path(), platform=platform, legacy=legacy, env=env)
    assert built.status == 0, built.log
    return built


def lint() -> None:
    """Have hadolint read the Dockerfile; the base's tag is ours, and is not its matter."""
    done = subprocess.run(
        [HADOLINT, "--no-color", "Dockerfile"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def big_toml(shelf: Shelf, **keys: str) -> str:
    """Return the table of an archive that is fetched in blocks, a file for each machine."""
    files = {}
    for arch in ("amd64", "arm64"):
        padding = 5 * BLOCK + os.getpid()  # no two runs share blocks in a cache
        content = {f"tool-1.2/bin/tool{arch}": program(f"tool-{arch}", padding)}
        files[f"tool_1.2_{arch}.tar.gz"] = tar(content | {"tool-1.2/README": b"x"})
    shelf.add("o/tool", "v1.2", files)
    given = {
        "version": '"v1.2"',
        "file": '"tool_{version}_{arch}.tar.gz"',
        "unpack": '"tool-{version}/bin/tool*"',
        "install": '"/usr/local/bin/tool"',
        "test": '"tool --version"',
    }
    return toml("tool", f'github = "o/tool"\nserver = "{shelf.server}"', **(given | keys))


RUNS = [(AMD, True), (AMD, False), (ARM, False)]


@pytest.mark.parametrize(("platform", "legacy"), RUNS, ids=["legacy", "amd64", "arm64"])
def test_a_small_asset_and_a_large_one_by_a_run(
    builder: Builder, shelf: Shelf, platform: str, *, legacy: bool
) -> None:
    add_jq(shelf)
    Path("emit.toml").write_text(jq_toml(shelf) + big_toml(shelf))
    emit("lock")
    dockerfile(builder, "jq", "tool")
    lint()
    built = build(builder, platform, legacy=legacy)
    arch = platform.removeprefix("linux/")
    assert f"jq-{arch} 1.0" in built.log
    assert f"tool-{arch} 1.0" in built.log
    files, folders = added(built.tag, 2)
    assert files == {"usr/local/bin/jq": 0o755, "usr/local/bin/tool": 0o755}
    assert folders <= BIN
    spans = [exchange.range for exchange in shelf.site.log("/storage/o/tool")][-6:]
    assert len(set(spans)) == 6, "each block was asked for once"


@pytest.mark.parametrize("platform", [AMD, ARM])
def test_stages_with_add(builder: Builder, shelf: Shelf, platform: str) -> None:
    """ADD is the daemon's: it knows neither our authority nor our names, so it is http."""
    arches = ("amd64", "arm64")
    shelf.files.update({f"jq-{arch}": program(f"jq-{arch}") for arch in arches})
    shelf.files.update({f"t-{arch}.zip": zipped({"t/bin/t": program(arch)}) for arch in arches})
    Path("emit.toml").write_text(
        toml("jq", f'url = "{shelf.unencrypted("/files/{file}")}"', file='"jq-{arch}"',
             install='"/usr/local/bin/jq"', test='"jq --version"')
        + toml("t", f'url = "{shelf.unencrypted("/files/{file}")}"', file='"t-{arch}.zip"',
               unpack='"t"', install='"/opt/t"', mode='"0700"', test='"/opt/t"')
    )  # fmt: skip
    emit("lock")
    dockerfile(
        builder,
        *("jq --style add --part stages", "jq --style add --part use"),
        *("t --style add --part stages", "t --style add --part use"),
    )
    lint()
    built = build(builder, platform)
    arch = platform.removeprefix("linux/")
    assert f"jq-{arch} 1.0" in built.log
    files, folders = added(built.tag, 3)
    assert files == {"usr/local/bin/jq": 0o755, "opt/t": 0o700}
    assert folders <= {*BIN, "opt", ""}
    other = ({*arches} - {arch}).pop()
    asked = [
        each.path
        for each in shelf.site.log("/files/")
        if each.headers.get("user-agent", "").startswith("buildkit")
    ]
    assert [path for path in asked if other in path] == []


@pytest.mark.parametrize("platform", [AMD, ARM])
def test_by_rget_and_by_a_script_from_the_context(
    builder: Builder, shelf: Shelf, platform: str, cached: Callable[[], None]
) -> None:
    add_jq(shelf)
    Path("emit.toml").write_text(jq_toml(shelf) + big_toml(shelf))
    emit("lock")
    cached()
    emit("rget", "-o", "rget.sh")
    emit("fetch", "tool", "-o", "get-tool.sh")
    dockerfile(builder, "jq --style rget", "tool --style script --resume")
    lint()
    built = build(builder, platform)
    arch = platform.removeprefix("linux/")
    assert f"jq-{arch} 1.0" in built.log
    assert f"tool-{arch} 1.0" in built.log
    files, folders = added(built.tag, 2)
    assert files == {"usr/local/bin/jq": 0o755, "usr/local/bin/tool": 0o755}
    assert folders <= {*BIN, "var", "var/cache", "var/cache/emit"}


@pytest.mark.parametrize(("platform", "legacy"), RUNS[:2], ids=["legacy", "amd64"])
@pytest.mark.parametrize("pack", [tar, zipped], ids=["tar", "zip"])
def test_members_of_an_archive_land_in_a_folder(
    builder: Builder, shelf: Shelf, platform: str, pack: object, *, legacy: bool
) -> None:
    members = {"bin/a": program("a"), "bin/b": b"b", "share/a.1": b"m", "README": b"r"}
    shelf.files["t.tgz"] = tar({f"t-1/{name}": each for name, each in members.items()})
    shelf.files["t.zip"] = zipped(members)
    file, strip, top = ("t.tgz", "1", "t-1/") if pack is tar else ("t.zip", "0", "")
    Path("emit.toml").write_text(
        toml("t", f'url = "{shelf.site.url("/files/" + file)}"', strip=strip,
             unpack=f'["{top}bin/*", "{top}share"]', into='"/opt/t"', test='"/opt/t/bin/a"')
    )  # fmt: skip
    emit("lock")
    dockerfile(builder, "t")
    lint()
    built = build(builder, platform, legacy=legacy)
    files, folders = added(built.tag, 1)
    assert files.keys() == {"opt/t/bin/a", "opt/t/bin/b", "opt/t/share/a.1"}
    assert files["opt/t/bin/a"] == 0o755
    assert folders <= {"opt", "opt/t", "opt/t/bin", "opt/t/share"}


@pytest.mark.parametrize("end", ["gz", "xz", "bz2"])
def test_a_single_packed_file(builder: Builder, shelf: Shelf, end: str) -> None:
    shelf.files[f"a.{end}"] = packed(program("a"), end)
    Path("emit.toml").write_text(
        toml("a", f'url = "{shelf.site.url(f"/files/a.{end}")}"', unpack="true",
             install='"/usr/bin/a"', mode='"0555"', test='"a && true"')
    )  # fmt: skip
    emit("lock")
    dockerfile(builder, "a")
    lint()
    built = build(builder)
    assert added(built.tag, 1) == ({"usr/bin/a": 0o555}, {"usr", "usr/bin"})


def test_a_machine_without_a_pin_is_told_so(builder: Builder, shelf: Shelf) -> None:
    add_jq(shelf)
    text = jq_toml(shelf).replace('"jq-{os}-{arch}"', '{ "linux/arm64" = "jq-linux-arm64" }')
    Path("emit.toml").write_text(text)
    emit("lock")
    dockerfile(builder, "jq")
    built = builder.build(Path())
    assert built.status != 0
    assert "error: there is no jq for x86_64" in built.log


def test_an_asset_that_was_uploaded_again_breaks_the_build(builder: Builder, shelf: Shelf) -> None:
    add_jq(shelf)
    Path("emit.toml").write_text(jq_toml(shelf))
    emit("lock")
    dockerfile(builder, "jq")
    shelf.add(JQ, "jq-1.7.1", {"jq-linux-amd64": b"#!/bin/sh\necho mine\n"})
    built = builder.build(Path())
    assert built.status != 0
    assert "jq: FAILED" in built.log
    assert "mine" not in built.log


def test_the_manual_leads_from_nothing_to_an_image_for_two_machines(
    builder: Builder, shelf: Shelf
) -> None:
    """Its commands as they stand, but for where this forge and this network are."""
    add_jq(shelf)
    add_fzf(shelf)
    manual = (Path(__file__).parent.parent / "docs" / "assets.md").read_text()
    commands = manual.partition("```sh\n")[2].partition("```")[0]
    tag, _ = builder.command(Path())
    for old, new in (
        ("junegunn/fzf", f"junegunn/fzf --server {shelf.server}"),
        ("FROM alpine:3.20", f"FROM {builder.base}"),
        ("buildx build", "buildx build --network host"),
        ("with-tools", tag),
    ):
        assert old in commands
        commands = commands.replace(old, new)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", commands], env={**os.environ, "PATH": path},
        capture_output=True, check=False, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for platform in (AMD, ARM):
        arch = platform.removeprefix("linux/")
        both = "jq --version; fzf --version"
        run = ["docker", "run", "--rm", "--network", "none", "--platform", platform, tag]
        said = subprocess.run([*run, "sh", "-c", both], capture_output=True, check=False, text=True)
        assert said.stdout == f"jq-{arch} 1.0\nfzf-{arch} 1.0\n", said


# Failed builds go on where they failed


@pytest.mark.parametrize("style", ["run", "script"])
def test_a_second_build_asks_only_for_what_is_missing(
    builder: Builder, shelf: Shelf, style: str, cached: Callable[[], None]
) -> None:
    Path("emit.toml").write_text(big_toml(shelf).replace("tool --version", f"tool {style}"))
    shelf.projects["o/tool"]["v1.2"].files["tool_1.2_amd64.tar.gz"] += style.encode()
    emit("lock")
    cached()
    emit("fetch", "-o", "get-tool.sh")
    dockerfile(builder, f"tool --style {style} --resume")
    locked = len(shelf.site.log("/storage/"))
    shelf.hang = {2 * BLOCK}
    _, command = builder.command(Path())
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        shelf.site.wait(lambda log: _served(log) == locked + 5)
        time.sleep(2)  # what was served is yet to be verified there
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode != 0
    first = {each.range for each in shelf.site.log("/storage/")[locked:]}
    assert len(first) == 6
    shelf.hang = set()
    build(builder)
    again = [each.range for each in shelf.site.log("/storage/")[locked:]][len(first) :]
    assert len(again) == 1, "one request"
    assert again[0].startswith(f"bytes={2 * BLOCK}-")


def _served(log: Sequence[Exchange]) -> int:
    """Return how many of the downloads have come to their end."""
    return sum(each.done for each in log if "/storage/" in each.path)


# Secrets


def test_a_token_is_nowhere_to_be_found(
    builder: Builder, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, forges: object
) -> None:
    del forges
    token = "s3cr3t-t0k3n"  # noqa: S105 - of this forge
    add_jq(shelf)
    shelf.token = token
    monkeypatch.setenv("GITHUB_TOKEN", token)
    Path("emit.toml").write_text(jq_toml(shelf) + 'secret = "github_token"\n')
    emit("lock")
    emit("fetch", "jq", "-o", "get-jq.sh")
    refused = emit("snippet", "jq", code=2).stderr
    assert "--style script" in refused
    dockerfile(builder, "jq --style script")
    lint()
    shelf.slow = 1
    asked = len(shelf.site.log())
    tag, command = builder.command(Path(), "--secret", "id=github_token,env=GITHUB_TOKEN")
    env = {**os.environ, "BUILDKIT_PROGRESS": "plain"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env
    ) as process:
        shelf.site.wait(lambda log: len(log) > asked)
        seen = _command_lines()
        log, _ = process.communicate(timeout=60)
    assert process.returncode == 0, log.decode()
    assert any(b"ssl_client" in line for line in seen), "it was looked while it was asked"
    written = [path.read_bytes() for path in Path().iterdir() if path.is_file()]
    image = saved(tag)
    for place in (*seen, log, image, *written):
        assert token.encode() not in place
    files, _ = added(tag, 1)
    assert files == {"usr/local/bin/jq": 0o755}
    sent = [each for each in shelf.site.log("/storage/") if "authorization" in each.headers]
    assert sent == []


def test_without_the_secret_the_build_fails_and_says_so(builder: Builder, shelf: Shelf,
    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    add_jq(shelf)
    shelf.token = "t"  # noqa: S105 - of this forge
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    Path("emit.toml").write_text(jq_toml(shelf) + 'secret = "github_token"\n')
    emit("lock")
    emit("fetch", "jq", "-o", "get-jq.sh")
    dockerfile(builder, "jq --style script")
    built = builder.build(Path())
    assert built.status != 0
    assert "github_token" in built.log


def _command_lines() -> list[bytes]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes())
        except OSError:  # it has ended
            continue
    return found


def test_hadolint_is_there() -> None:
    assert shutil.which(HADOLINT), "a wheel of the test group"
