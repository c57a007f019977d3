import pytest

from emit.cache.classic import needs_buildkit
from emit.cache.plan import slug
from emit.cache.say import explain
from emit.dockerfile import parse
from emit.dockerfile.stages import stage_graph
from emit.dockerfile.variables import settings
from emit.errors import UsageError
from tests.cache.dockerfiles import PROJECT, UNNAMED, plan


def test_inner_stages_come_in_groups_then_leaves_then_the_image() -> None:
    made = plan()
    assert made.inner == (("deps", "tools"), ("build",))
    assert (made.leaves, made.targets) == (("test", "lint"), ("app",))
    assert made.stages == ("deps", "tools", "build", "test", "lint", "app")


def test_what_no_end_needs_is_left_out() -> None:
    made = plan(targets=("tools",), skip=("test", "lint", "app"))
    assert made.stages == ("tools",)
    assert [row.kind for row in made.rows] == ["left out", "image", *["left out"] * 4]


def test_a_stage_that_another_platform_takes_is_no_leaf() -> None:
    made = plan("FROM a AS x-amd64\nFROM a AS x-arm64\nFROM x-$TARGETARCH AS app\n")
    assert (made.inner, made.leaves) == ((("x-amd64",),), ())
    assert (made.rows[1].kind, made.rows[1].why) == (
        "left out",
        "nothing that is built takes from it",
    )


def test_the_image_may_be_another_stage_and_the_last_is_a_leaf_then() -> None:
    made = plan(targets=("build",), skip=("lint",))
    assert (made.inner, made.leaves) == ((("deps", "tools"),), ("test", "app"))
    assert plan("FROM a AS x\nFROM b\n", targets=("x",)).leaves == ("stage-1",)


def test_several_images_end_in_their_stage() -> None:
    made = plan(targets=("app", "test", "app"))
    assert made.targets == ("app", "test")
    assert made.suffix("app") == "-app"
    assert plan().suffix("app") == ""


def test_stages_without_a_name_get_one_unless_nobody_takes_from_them() -> None:
    made = plan(UNNAMED)
    assert made.stages == ("stage-0", "build", "stage-3")
    assert [(each.name, each.line, each.text) for each in made.unnamed] == [
        ("stage-0", 1, "FROM alpine:3.20")
    ]
    assert made.last == "stage-3"
    row = made.rows[2]
    assert (row.kind, row.why) == ("left out", "it has no name and nobody takes from it")


def test_a_stage_whose_from_is_continued_is_named_in_its_last_line() -> None:
    made = plan("FROM \\\n# c\n a\r\nRUN x\nFROM b\nCOPY --from=0 / /\n")
    assert [(each.line, each.text) for each in made.unnamed] == [(3, " a")]


@pytest.mark.parametrize(
    ("name", "image", "tag"),
    [
        ("app", "app", "latest"),
        ("localhost:5000/a/b-c.d__e:v1.2", "localhost:5000/a/b-c.d__e", "v1.2"),
        ("ghcr.io/me/app:x", "ghcr.io/me/app", "x"),
    ],
)
def test_an_image_has_a_name_and_may_have_a_tag(name: str, image: str, tag: str) -> None:
    made = plan(image=name)
    assert (made.image, made.tag) == (image, tag)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"image": "App"}, "-i 'App' is no image"),
        ({"image": "a;b"}, "is no image"),
        ({"image": "a@sha256:00"}, "is no image"),
        ({"cache": "gha"}, "--cache 'gha' is none of auto, registry"),
        ({"cache": "local:"}, "lacks its folder"),
        ({"secrets": ("npm",)}, "--secret 'npm': write id=NAME"),
        ({"secrets": ("id=a b",)}, "write id=NAME"),
        ({"build_args": ("A=1\n2",)}, "holds a line break"),
        ({"build_args": ("FILE",)}, "--build-arg FILE: what is written has a variable FILE of"),
        ({"secrets": ("id=a,env=TAG",)}, "--secret id=a,env=TAG: what is written has a variable"),
        ({"secrets": ("id=a,env=A:B",)}, "the name of a variable is letters, digits and _"),
        ({"network": "a\nb"}, "holds a line break"),
        ({"secrets": ("id=a\x07",)}, "control character"),
        ({"branch": ""}, "must not be empty"),
        ({"targets": ("ap",)}, "did you mean app?"),
        ({"skip": ("tset",)}, "did you mean test?"),
        ({"skip": ("build",)}, "--skip build: test, lint and app take from it"),
        ({"skip": ("app",)}, "--skip app: it is the image"),
    ],
)
def test_what_cannot_be_is_one_sentence(wanted: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan(**wanted)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_stage_that_docker_cannot_build_is_no_target() -> None:
    with pytest.raises(UsageError, match="Dockerfile:1: stage 0 has no name"):
        plan(UNNAMED, targets=("0",))


@pytest.mark.parametrize(
    "text",
    ["FROM a AS x\nFROM x AS x\nFROM x\n", "FROM a\nFROM b AS stage-0\nCOPY --from=0 / /\n"],
)
def test_two_stages_of_one_name_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"Dockerfile:2: the stage of line 1 is \S+, too"):
        plan(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM a\nRUN x\nCOPY --from=b / /\nADD --chown=1 / /\n", ""),
        ("FROM a\nRUN --mount=type=cache,target=/c x\n", "Dockerfile:2 (RUN --mount)"),
        ("FROM a\nRUN <<E\nE\n", "Dockerfile:2 (RUN <<E)"),
        ("FROM a\nCOPY --link / /\n", "Dockerfile:2 (COPY --link)"),
        ("FROM a\nADD --checksum=sha256:0 http://a/ /\n", "Dockerfile:2 (ADD --checksum)"),
        ("FROM a\nONBUILD COPY --chmod=1 / /\n", "Dockerfile:2 (COPY --chmod)"),
        ("FROM a\nARG TARGETARCH\n", "Dockerfile:2 (ARG TARGETARCH)"),
        ("FROM a\nARG BUILD_DATE TARGET\n", ""),
        ("FROM --platform=$BUILDPLATFORM a\n", "Dockerfile:1 (FROM $BUILDPLATFORM)"),
    ],
)
def test_what_the_classic_builder_cannot_build_is_known(text: str, reason: str) -> None:
    parsed = parse(text, file="Dockerfile")
    assert needs_buildkit(stage_graph(parsed, settings(platform="linux/amd64"))) == reason


def test_secrets_and_several_platforms_need_buildkit_too() -> None:
    assert plan(secrets=("id=a",)).classic == "--secret id=a"
    assert plan(platforms=("linux/amd64", "linux/arm64")).classic == "several platforms"
    assert plan(platforms=("linux/amd64",)).classic == ""


def test_the_first_instruction_without_a_layer_is_known_where_it_is_built() -> None:
    assert plan().metadata == "Dockerfile:21 (CMD)"
    assert plan(targets=("build",), skip=("app",)).metadata == ""


def test_notes_name_what_no_cache_helps() -> None:
    text = (
        "FROM a AS x\nRUN --mount=type=cache,target=/c x\nADD http://e.org/f /\n"
        "COPY . .\nRUN npm ci\nFROM b AS t\n"
    )
    notes = [(note.line, note.text.split(":")[0][:20]) for note in plan(text).notes]
    assert [line for line, _ in notes] == [2, 3, 4]
    assert notes[0][1] == "a cache mount is par"


def test_a_single_stage_is_told_in_the_singular() -> None:
    assert "the image, in cache-stage-0-BRANCH\n" in explain(plan("FROM a\n"))


def test_a_slug_is_a_part_of_a_tag() -> None:
    assert slug("feature/äx y") == "feature---x-y"
    assert len(slug(100 * "x")) == 60


def test_dry_run_tells_each_stage_and_each_way() -> None:
    text = explain(plan())
    assert text.startswith("registry.example.com/team/app:latest of Dockerfile\n\nSTAGE  LINE  IS")
    assert "\ndeps   1     inner  build takes from it\n" in text
    assert "\nbuild  8     inner  test, lint and app take from it\n" in text
    assert "\ntest   13    leaf   nobody takes from it: built first, for it may be a test\n" in text
    assert "\napp    19    image  the last stage\n" in text
    assert "all layers, in cache-test-BRANCH, cache-lint-BRANCH, cache-app-BRANCH\n" in text
    heredoc = explain(plan(PROJECT.replace("RUN make deps", "RUN --mount=target=/x make deps")))
    assert "cannot be: Dockerfile:3 (RUN --mount) needs BuildKit" in heredoc
    mount = explain(plan(PROJECT.replace("deps\n\n", "deps\nRUN --mount=type=cache,target=/c x\n")))
    assert "No cache helps here:\nDockerfile:4: a cache mount" in mount
