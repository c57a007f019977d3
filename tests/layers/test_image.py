"""Each layout, packing and way in gives the same image; what is no image is one sentence."""

import gzip
import io
import json
import os
import sys
import tarfile
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from emit.errors import InputError, ToolError, UsageError
from emit.layers import blobs as blobs_module
from emit.layers import scan as scan_module
from emit.layers.image import Image
from emit.layers.ledger import keep_books
from emit.layers.source import read_image, total
from tests.layers.images import (
    LAYOUTS,
    Made,
    Step,
    archive,
    blob,
    docker25,
    file,
    gone,
    laid_out,
    oci,
    tarball,
    unpacked,
)

STEPS = (
    Step(by="/bin/sh -c #(nop) ADD file:1 in / ", members=[file("etc/os"), file("bin/sh", 4000)]),
    Step(by="CMD [sh]", members=None),
    Step(by="RUN |1 A=b /bin/sh -c make # buildkit", members=[file("app", 300), gone("etc/os")]),
    Step(by="WORKDIR /app", members=[]),
    Step(by="COPY . /app # buildkit", members=[file("app2", 70_000)]),
)


def made(*packed: str, **more: object) -> Made:
    steps = [
        Step(by=step.by, members=step.members, packed=packed[index % len(packed)])
        for index, step in enumerate(STEPS)
    ]
    return Made(steps=steps, **more)  # type: ignore[arg-type]


Essence = list[tuple[str, list[tuple[object, ...]]]]


def silent(_: int) -> None:
    """Nobody watches."""


def read(name: object, **choice: str) -> Image:
    return read_image(str(name), told=silent, **choice)


def pipe(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(data)

        @staticmethod
        def isatty() -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Stdin)


def essence(image: Image) -> Essence:
    return [
        (str(layer.command), [tuple(entry) for entry in layer.scan.entries])
        for layer in image.layers
    ]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Essence:
    place = tmp_path_factory.mktemp("plain") / "x.tar"
    place.write_bytes(laid_out(made("plain"), "docker25"))
    return essence(read(place))


def test_the_image_is_what_was_made(plain: Essence) -> None:
    assert [text for text, _ in plain] == [
        "ADD file:1 in /", "RUN make", "WORKDIR /app", "COPY . /app",
    ]  # fmt: skip
    first = plain[0][1]
    assert [(entry[0], entry[1], entry[2]) for entry in first] == [
        ("etc/os", "file", 0),
        ("bin/sh", "file", 4000),
    ]


@pytest.mark.parametrize("way", ["file", "pipe", "folder", "packed file", "packed pipe"])
@pytest.mark.parametrize("packed", ["plain", "gzip", "zstd", "mixed"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_packing_and_way_in_gives_the_same(
    layout: str,
    packed: str,
    way: str,
    plain: Essence,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = laid_out(made(*(("plain", "gzip", "zstd") if packed == "mixed" else (packed,))), layout)
    name = "-"
    if way == "folder":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            tar.extractall(tmp_path, filter="data")
        name = str(tmp_path)
    elif way.endswith("file"):
        name = str(tmp_path / "x.tar")
        Path(name).write_bytes(gzip.compress(data) if way == "packed file" else data)
    else:
        pipe(gzip.compress(data) if way == "packed pipe" else data, monkeypatch)
    image = read(name)
    assert essence(image) == plain
    assert (image.platform, image.history, image.absent) == ("linux/amd64", "whole", 0)
    assert image.attestations == (layout == "containerd")
    assert image.tags == (("localhost/made:1",) if layout == "podman" else ("made:1",))
    assert {layer.scan.packing for layer in image.layers} == (
        {"plain", "gzip", "zstd"} if packed == "mixed" else {packed}
    )


def test_a_repeated_layer_is_a_link_in_the_old_layout(tmp_path: Path) -> None:
    steps = [Step(by=f"RUN {number}", members=[file("same", 100)]) for number in range(3)]
    place = tmp_path / "x.tar"
    place.write_bytes(laid_out(Made(steps=steps), "old"))
    assert [len(layer.scan.entries) for layer in read(place).layers] == [1, 1, 1]


def test_the_sizes_are_the_blobs(tmp_path: Path) -> None:
    one = made("gzip")
    place = tmp_path / "x.tar"
    place.write_bytes(laid_out(one, "oci"))
    assert [(layer.scan.packed, layer.scan.unpacked) for layer in read(place).layers] == [
        (len(packed), len(data)) for packed, data in zip(one.blobs(), one.layers(), strict=True)
    ]
    assert total(str(place)) == place.stat().st_size
    assert total("-") is total(str(tmp_path)) is total("alpine:3.20") is None


@pytest.mark.parametrize(
    ("steps", "kept", "word"),
    [
        (5, slice(1, None), "partial"),
        (5, slice(0, 0), "missing"),
    ],
)
def test_a_short_history_belongs_to_the_newest_layers(
    steps: int, kept: slice, word: str, tmp_path: Path
) -> None:
    one = made("plain")
    files = docker25(one)
    config = json.loads(one.config())
    config["history"] = config["history"][kept]
    files[blob(one.config())] = json.dumps(config).encode()
    image = read(unpacked(files, tmp_path))
    assert image.history == word
    commands = [str(layer.command) for layer in image.layers]
    assert commands[0] == ""
    assert (commands[-1] == "COPY . /app") == (word == "partial")
    assert len(STEPS) == steps


def test_a_long_history_does_not_drop_layers(tmp_path: Path) -> None:
    one = made("plain")
    files = docker25(one)
    config = json.loads(one.config())
    config["history"].insert(0, {"created_by": "an older one"})
    files[blob(one.config())] = json.dumps(config).encode()
    image = read(unpacked(files, tmp_path))
    assert image.history == "partial"
    assert str(image.layers[-1].command) == "COPY . /app"


def several() -> dict[str, bytes]:
    images = [
        made("plain", arch="amd64"),
        made("plain", arch="arm", variant="v7"),
        made("plain", arch="s390x"),
    ]
    return oci(*images, index_of_index=True)


@pytest.mark.parametrize(
    ("asked", "platform"),
    [("linux/arm", "linux/arm/v7"), ("linux/arm/v7", "linux/arm/v7"), ("linux/s390x",) * 2],
)
def test_the_platform_is_chosen(asked: str, platform: str, tmp_path: Path) -> None:
    assert read(unpacked(several(), tmp_path), platform=asked).platform == platform


def test_a_bare_architecture_is_linux(tmp_path: Path) -> None:
    assert read(unpacked(several(), tmp_path), platform="s390x").platform == "linux/s390x"


def test_without_a_choice_it_is_this_machines_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = unpacked(several(), tmp_path)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert read(place).platform == "linux/amd64"
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(UsageError, match=r"3 images: .*made:1 \(linux/s390x\); choose by"):
        read(place)


def test_a_platform_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no image of platform linux/mips; there is made:1 \(li"):
        read(unpacked(several(), tmp_path), platform="linux/mips")


def test_platforms_that_were_not_saved_are_counted(tmp_path: Path) -> None:
    files = several()
    missing = made("plain", arch="s390x")
    del files[blob(missing.config())]
    image = read(unpacked(files, tmp_path), platform="linux/amd64")
    assert image.absent == 1


def test_one_of_several_tags_is_chosen(tmp_path: Path) -> None:
    other = Made(steps=[Step(by="RUN x", members=[file("x")])], tag="registry/other:2")
    place = unpacked(oci(made("plain"), other), tmp_path)
    assert read(place, tag="other:2").tags == ("registry/other:2",)
    assert read(place, tag="2").tags == ("registry/other:2",)
    assert read(place, tag="made:1").tags == ("made:1",)
    with pytest.raises(UsageError, match="2 images"):
        read(place)
    with pytest.raises(UsageError, match=r"no image of tag ther:2; there is"):
        read(place, tag="ther:2")


NOT_IMAGES = {
    "empty": (b"", "it is no tar archive"),
    "text": (b"hello\n" * 400, "it is no tar archive"),
    "an export": (tarball([file("etc/os", 10)]), "`docker export` does not"),
    "xz": (b"\xfd7zXZ\0" + bytes(900), "it is packed with xz"),
    "no image": (archive({"manifest.json": b"[]"}), "no image whose layers are all there"),
    "no list": (archive({"manifest.json": b"{}"}), "manifest.json is no JSON list"),
    "no object": (archive({"index.json": b"[]"}), "index.json is no JSON object"),
    "no JSON": (archive({"index.json": b"{,"}), "index.json is no JSON: "),
    "deep JSON": (archive({"index.json": b'{"a":' + b"[" * 200_000}), "index.json is no JSON: "),
    "odd JSON": (
        archive({"index.json": b'{"manifests": [1, null, {"digest": 7}, {"annotations": []}]}'}),
        "no image whose layers",
    ),
}


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize("what", NOT_IMAGES)
def test_what_is_no_image_is_one_sentence(
    what: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, part = NOT_IMAGES[what]
    place = tmp_path / "x.tar"
    place.write_bytes(data)
    pipe(data, monkeypatch)
    with pytest.raises(InputError) as caught:
        read("-" if way == "pipe" else place)
    assert part in str(caught.value)
    assert str(caught.value).startswith("stdin: " if way == "pipe" else f"{place}: ")
    assert caught.value.exit_code == 2


def test_an_index_that_holds_itself_ends(tmp_path: Path) -> None:
    """No digest does so, but nobody checks a name against its bytes."""
    inner = {"manifests": [{"digest": "sha256:1"}]}
    text = json.dumps(inner).encode()
    place = unpacked({"index.json": text, "blobs/sha256/1": text}, tmp_path)
    with pytest.raises(InputError, match="nested more than 4 deep"):
        read(place)


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_truncated_archive_is_one_sentence(
    cut: float, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = laid_out(made("gzip"), "docker25")
    place = tmp_path / "x.tar"
    place.write_bytes(data[: int(len(data) * cut)])
    pipe(place.read_bytes(), monkeypatch)
    with pytest.raises(InputError, match=r"is it a whole copy|no image whose layers"):
        read("-" if way == "pipe" else place)


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize(
    ("damage", "part"),
    [
        ("text", "no tar"),
        ("short gzip", "its gzip data is damaged or cut short"),
        ("dot dot", "'../etc/x' leaves the image"),
        ("nul", "leaves the image"),
        ("too long", "has a path of 5000 characters"),
        ("no name", "its whiteout '.wh.' names no file"),
    ],
)
def test_a_bad_layer_is_named(
    damage: str, part: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = {
        "text": b'{"no": "layer"}' if way == "pipe" else b"words " * 200,
        "short gzip": gzip.compress(tarball([file("a", 5000)]))[:-300],
        "dot dot": tarball([file("../etc/x")]),
        "nul": tarball([file("a" * 120)]).replace(b"a" * 119 + b"\n", b"a\0" + b"a" * 117 + b"\n"),
        "too long": tarball([file("d/" * 2500)]),
        "no name": tarball([gone("a/")]),
    }[damage]
    one = made("plain")
    files = docker25(one)
    name = blob(one.blobs()[1])
    files[name] = bad
    place = tmp_path / "x.tar"
    place.write_bytes(archive(files))
    pipe(place.read_bytes(), monkeypatch)
    with pytest.raises(InputError, match=f"{name}.*{part}" if damage != "text" else name):
        read("-" if way == "pipe" else place)


def test_a_big_file_of_a_plain_layer_is_read_only_if_another_is_as_long(tmp_path: Path) -> None:
    """The hole of a terabyte would take minutes."""
    big = {name: os.urandom(1 << 20) for name in "ab"}
    steps = [
        Step(by="RUN huge", members=[]),
        Step(by="RUN one", members=[file("one", big["a"]), file("other", big["b"])]),
        Step(by="RUN two", members=[file("two", big["a"]), file("more", big["a"] + b"x")]),
    ]
    one = Made(steps=steps)
    files = docker25(one)
    place = unpacked(files, tmp_path)
    info = tarfile.TarInfo("huge")
    info.size = 1 << 40
    with (place / blob(one.blobs()[0])).open("wb") as layer:
        layer.write(info.tobuf(tarfile.GNU_FORMAT))
        layer.truncate(info.size + 1536)
    seen: list[int] = []
    image = read_image(str(place), told=seen.append)
    prints = {entry.path: entry.print for layer in image.layers for entry in layer.scan.entries}
    assert prints["one"] == prints["two"] != prints["other"]
    assert len(set(prints.values())) == 4
    assert sum(seen) == sum(layer.scan.unpacked for layer in image.layers)


@pytest.mark.parametrize("packed", ["plain", "gzip"])
def test_big_files_are_told_apart_however_they_are_read(
    packed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = [os.urandom(3 << 19) for _ in range(2)]
    steps = [
        Step(by="RUN one", members=[file("a", big[0]), file("b", big[1])], packed=packed),
        Step(by="RUN two", members=[file("a", big[0], uid=1), file("b", big[0])], packed=packed),
    ]
    (tmp_path / "x.tar").write_bytes(laid_out(Made(steps=steps), "oci"))
    pipe((tmp_path / "x.tar").read_bytes(), monkeypatch)
    found = [
        keep_books([one.scan.entries for one in read(name).layers]).losses
        for name in ("-", tmp_path / "x.tar")
    ]
    assert found[0] == found[1]
    assert [one.how for one in found[0]] == ["rewritten", "overwritten"]


def test_a_huge_config_is_refused_unread(tmp_path: Path) -> None:
    place = unpacked({"oci-layout": b"{}"}, tmp_path)
    with (place / "index.json").open("wb") as index:
        index.truncate(5 << 30)
    with pytest.raises(InputError, match=r"index.json is 5368709120 bytes long"):
        read(place)


def test_a_huge_text_in_a_pipe_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(archive({"index.json": b'{"a": "' + bytes(17 << 20) + b'"}'}), monkeypatch)
    with pytest.raises(InputError, match=r"neither index.json nor manifest.json"):
        read("-")


def test_many_texts_in_a_pipe_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'{"a": "' + bytes(15 << 20) + b'"}'
    pipe(archive({f"blobs/sha256/{number}": text for number in range(9)}), monkeypatch)
    with pytest.raises(InputError, match="stdin: it has more than 128 MiB of JSON"):
        read("-")


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize(
    ("names", "part"), [("abcd", "more than 3 members"), (["y" * 5000], "'yyy.* too long for a")]
)
def test_the_names_in_an_archive_are_bounded(
    names: Iterable[str], part: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs_module, "_MOST", 3)
    place = tmp_path / "x.tar"
    place.write_bytes(archive(dict.fromkeys(names, b"")))
    pipe(place.read_bytes(), monkeypatch)
    with pytest.raises(InputError, match=part):
        read("-" if way == "pipe" else place)


def test_links_that_go_round_end(tmp_path: Path) -> None:
    one = made("plain")
    names = [f"{number}/layer.tar" for number in range(4)]
    config = blob(one.config())
    manifest = json.dumps([{"Config": config, "Layers": names}]).encode()
    links = {names[0]: "../1/layer.tar", names[1]: "../0/layer.tar"}
    place = tmp_path / "x.tar"
    place.write_bytes(archive({"manifest.json": manifest, config: one.config()}, links))
    with pytest.raises(InputError, match="no image whose layers"):
        read(place)


def test_a_folder_is_not_left_by_its_links(tmp_path: Path) -> None:
    place = unpacked(docker25(made("plain")), tmp_path / "in")
    outside = tmp_path / "index.json"
    (place / "index.json").rename(outside)
    (place / "index.json").symlink_to(outside)
    (place / "manifest.json").unlink()
    (place / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"neither index.json nor manifest.json"):
        read(place)


def test_a_folder_without_an_image_is_not_searched() -> None:
    with pytest.raises(InputError, match=r"/: there is neither index.json nor manifest.json"):
        read("/")


@pytest.mark.parametrize("name", ["./x", "/nope/x.tar", "x.tar", "x.tar.gz", "~/x"])
def test_a_missing_file_is_not_taken_for_an_image(name: str) -> None:
    with pytest.raises(InputError, match=f"{name}: there is no such file or folder"):
        read(name)


def test_a_terminal_is_no_image(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with open(theirs, encoding="utf-8") as stdin:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdin", stdin)
        with pytest.raises(InputError, match=r"it is a terminal; .*: docker save IMAGE \| emit la"):
            read("-")
    os.close(ours)


def test_a_closed_stdin_is_no_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="stdin: it is closed; pipe an image in"):
        read("-")


def engine(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "docker"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def kept(folder: Path) -> Path:
    place = folder / "made.data"
    place.write_bytes(laid_out(made("gzip"), "docker25"))
    return place


def test_a_name_is_the_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine(tmp_path, f'[ "$*" = "save made:1" ] && cat {kept(tmp_path)}', monkeypatch)
    for name in ("made:1", "docker:made:1", "docker-daemon:made:1"):
        assert read(name).tags == ("made:1",)


@pytest.mark.parametrize(
    ("name", "saved"), [("made", "made:latest"), ("r:5000/x/made", "r:5000/x/made"), ("a@b:1",) * 2]
)
def test_a_bare_name_is_its_latest_tag_where_there_is_one(
    name: str, saved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = '[ "$*" = "image inspect --format={{.Id}} made:latest" ]'
    script = f'[ $1 = save ] || exec {there}; [ "$2" = {saved} ] && cat {kept(tmp_path)}'
    engine(tmp_path, script, monkeypatch)
    assert read(name).tags == ("made:1",)


@pytest.mark.parametrize("name", ["-1", "docker:-o/x"])
def test_no_name_is_an_option_of_the_engine(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(tmp_path, f"cat {kept(tmp_path)}", monkeypatch)
    with pytest.raises(InputError, match=f"{name}: the engine would take this for an option"):
        read(name)


def test_a_pipe_may_have_a_name(tmp_path: Path) -> None:
    """As `emit layers <(docker save a) <(docker save b)` gives them."""
    data = laid_out(made("gzip"), "docker25")
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(data))
    writer.start()
    assert read(tmp_path / "pipe").tags == ("made:1",)
    writer.join()


def test_a_name_that_no_file_could_have_is_one_sentence() -> None:
    name = "x" * 5000
    assert total(name) is None
    with pytest.raises(InputError, match=r"cannot read x+: File name too long"):
        read(name)


def test_what_never_ends_is_left() -> None:
    with pytest.raises(InputError, match="/dev/zero: its archive ends at byte 512, but more and"):
        read("/dev/zero")


def test_a_folder_of_sources_does_not_hide_the_image_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(tmp_path, f"[ $1 = save ] && cat {kept(tmp_path)}", monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    assert read("app").tags == ("made:1",)
    for name in ("./app", "app/", tmp_path / "app"):
        with pytest.raises(InputError, match=r"neither index.json nor manifest.json"):
            read(name)


@pytest.mark.parametrize("before", ["", 'cat "$0" | head -c 20; '])
def test_the_engines_own_words_are_told(
    before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(tmp_path, before + 'echo "Error: No such image: $2" >&2; exit 1', monkeypatch)
    with pytest.raises(ToolError, match="could not save the image: Error: No such image: x:1"):
        read("x:1")


def test_an_engine_that_fails_behind_a_whole_image_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(tmp_path, f"cat {kept(tmp_path)}; exit 7", monkeypatch)
    with pytest.raises(ToolError, match="could not save the image: exit status 7"):
        read("made:1")


def test_an_engine_that_goes_on_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(tmp_path, "yes no tar; sleep 60", monkeypatch)
    with pytest.raises(InputError, match="made:1: it is no tar archive"):
        read("made:1")


def test_without_an_engine_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="no file x:1, and no docker, podman or nerdctl"):
        read("x:1")


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize(("limit", "at"), [("_MOST", 2), ("_MOST_TEXT", 8)])
def test_the_list_of_all_layers_files_is_bounded(
    limit: str, at: int, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "x.tar"
    steps = [Step(by="RUN x", members=[file(name)]) for name in ("aaa", "bbb", "ccc")]
    place.write_bytes(laid_out(Made(steps=steps), "oci"))
    name = "-" if way == "pipe" else str(place)
    monkeypatch.setattr(scan_module, limit, at)
    pipe(place.read_bytes(), monkeypatch)
    with pytest.raises(InputError, match="its list of files is too long"):
        read(name)
    monkeypatch.setattr(scan_module, limit, at + 1)
    pipe(place.read_bytes(), monkeypatch)
    assert len(read(name).layers) == 3


def test_an_image_of_too_many_layers_is_refused(tmp_path: Path) -> None:
    files = docker25(made("plain"))
    del files["index.json"]
    (manifest,) = json.loads(files["manifest.json"])
    manifest["Layers"] *= 300
    files["manifest.json"] = json.dumps([manifest]).encode()
    with pytest.raises(InputError, match="it says that it has 1200 layers"):
        read(unpacked(files, tmp_path))
