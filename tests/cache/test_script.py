import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emit import __version__
from emit.cache.plan import slug
from emit.cache.script import TEMPLATE, values
from emit.cache.wanted import RESERVED
from emit.check import check
from emit.cli import cli
from emit.external import find
from emit.render import render
from tests.cache.dockerfiles import IMAGE, ODD, PROJECT, VARIANTS, plan
from tests.variants import GOLDEN, READERS

STUB = """\
#!/bin/sh
# A docker that says what it is, and notes what it is told to do.
case $*:$STUB in
version:down) echo 'cannot connect' >&2; exit 1 ;;
version:*) ;;
'buildx version:old') exit 1 ;;
'buildx version:'*) ;;
'buildx inspect:builder') echo 'Driver:        docker-container' ;;
'buildx inspect:'*) echo 'Driver:        docker' ;;
info*:containerd | info*:old) echo '[[driver-type io.containerd.snapshotter.v1]]' ;;
info*) echo '[[Backing Filesystem extfs]]' ;;
image*) ;;
*)
	printf '%s\\n' "$*" >>"$LOG"
	case $* in *"${FAIL:-nothing at all}"*) exit 3 ;; esac
	case $* in *"${STALL:-nothing at all}"*) exec sleep 60 ;; esac
	;;
esac
"""


SHELLS = [reader[:-1] for reader in READERS]


def script(name: str) -> str:
    return render(TEMPLATE, values(VARIANTS[name], me="build.sh"))


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_keeps_the_rules_of_the_house(name: str) -> None:
    assert check(script(name)) == []


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    """Of its warnings either; emit itself stops at errors alone."""
    program = find("shellcheck")
    assert program
    for name in VARIANTS:
        (tmp_path / f"{name}.sh").write_text(script(name))
    done = subprocess.run(
        [program, "--norc", "--exclude=SC2016", *sorted(tmp_path.iterdir())],  # ODD holds a $
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("reader", READERS, ids=lambda command: command[-2])
def test_every_shell_here_can_read_it(reader: list[str], tmp_path: Path) -> None:
    for name in VARIANTS:
        (tmp_path / "x").write_text(script(name))
        assert subprocess.run([*reader, tmp_path / "x"], check=False).returncode == 0


def test_the_script_of_the_project_is_the_golden(request: pytest.FixtureRequest) -> None:
    """A golden is a script: run it, lint it, read its diff."""
    golden = GOLDEN / "build.sh"
    text = script("project").replace(__version__, "VERSION")
    if request.config.getoption("--update-goldens"):
        golden.write_text(text)
        golden.chmod(0o755)
    assert golden.read_text() == text


def test_what_it_sets_is_no_argument_of_a_build() -> None:
    """An exported variable that it sets would reach the build with another value."""
    written = "".join(script(name) for name in VARIANTS)
    found = re.findall(r"^[^#\n'\"]*?\b([A-Za-z_]\w*)=", written, re.MULTILINE)
    found += re.findall(r"\bfor (\w+) in", written)
    others = {"DOCKER_BUILDKIT", "LC_ALL", "NAME", "type", "mode", "src", "dest"}
    assert [name for name in {*found} - others if not RESERVED.fullmatch(name)] == []
    assert {"FILE", "METADATA", "each", "how", "value"} <= {*found}


def test_it_can_be_read_in_one_sitting() -> None:
    assert max(len(script(name).splitlines()) for name in VARIANTS) < 320


class Build:
    """A script in a folder, and the docker that it meets."""

    def __init__(self, folder: Path, name: str = "project") -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin/docker").write_text(STUB)
        (folder / "bin/docker").chmod(0o755)
        (folder / "tmp").mkdir()
        (folder / "Dockerfile").write_text(PROJECT)
        (folder / "build.sh").write_text(script(name))
        self.shell = ["/bin/sh"]

    def __call__(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        done = subprocess.run(
            [*self.shell, "build.sh", *arguments],
            cwd=self.folder,
            env=self.env(**env),
            capture_output=True,
            check=False,
            text=True,
        )
        assert not list((self.folder / "tmp").iterdir()), "something is left behind"
        return done

    def env(self, **more: str) -> dict[str, str]:
        """What the script sees."""
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "TMPDIR": str(self.folder / "tmp"),
            "LOG": str(self.folder / "log"),
            "STUB": "graph",
            **more,
        }

    @property
    def done(self) -> list[str]:
        """What docker was told to do."""
        log = self.folder / "log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(tmp_path)


@pytest.mark.parametrize(
    ("stub", "cache", "how"),
    [
        ("graph", "auto", "graph: CACHE=inline"),
        ("containerd", "auto", "containerd: CACHE=registry"),
        ("builder", "auto", "builder: CACHE=registry"),
        ("graph", "local:kept", "graph: CACHE=load"),
        ("containerd", "local:kept", "containerd: CACHE=local"),
        ("graph", "push-pull", "classic: CACHE=push-pull"),
        ("old", "auto", "classic: CACHE=none"),
    ],
)
def test_the_engine_decides_how(build: Build, stub: str, cache: str, how: str) -> None:
    done = build("-n", STUB=stub, CACHE=cache)
    assert (done.returncode, build.done) == (0, [])
    assert f"build.sh: {how} of main, else main\n" in done.stderr


@pytest.mark.parametrize(
    ("stub", "cache", "message"),
    [
        ("graph", "registry", "CACHE=registry needs the containerd store, or a buildx builder"),
        ("builder", "inline", "CACHE=inline is no use here; take registry"),
        ("old", "inline", "CACHE=inline needs buildx; take push-pull"),
        ("graph", "gha", "CACHE=gha is unknown (-h)"),
        *(
            ("containerd", name, f"CACHE={name} is unknown (-h)")
            for name in ("local", "local:", "load")
        ),
        ("old", "push-pull", "CACHE=push-pull: take none, or get buildx"),
    ],
)
def test_what_the_engine_cannot_do_is_usage(
    build: Build, stub: str, cache: str, message: str
) -> None:
    done = build(STUB=stub, CACHE=cache)
    assert (done.returncode, build.done) == (2, [])
    assert done.stderr.endswith(f"build.sh: {message}\n")


def test_the_classic_builder_is_not_given_what_it_would_ignore(tmp_path: Path) -> None:
    build = Build(tmp_path, "buildkit")
    done = build(CACHE="push-pull")
    assert (done.returncode, build.done) == (2, [])
    assert done.stderr.startswith("build.sh: Dockerfile:2 (RUN <<E) needs BuildKit")


@pytest.mark.parametrize("shell", SHELLS, ids=lambda command: command[-1])
def test_inline_builds_inner_stages_in_groups_then_leaves_then_the_image(
    build: Build, shell: list[str]
) -> None:
    build.shell = shell
    assert build().returncode == 0
    built = [line.split("--target ")[1].split()[0] for line in build.done if "--target" in line]
    assert {*built[:2]} == {"deps", "tools"}
    assert built[2] == "build"
    assert {*built[3:5]} == {"test", "lint"}
    assert built[5:] == ["app"]
    pushed = [line for line in build.done if line.startswith("push")]
    assert pushed[-2:] == [f"push -q {IMAGE}:cache-app-main", f"push -q {IMAGE}:latest"]
    assert len(pushed) == 7


def test_registry_builds_the_ends_alone_with_a_ref_for_each(build: Build) -> None:
    done = build(STUB="containerd", BRANCH="feature/x", TAG="7")
    assert done.returncode == 0
    assert len(build.done) == 4
    app = build.done[2]
    assert f"--tag {IMAGE}:7 --file Dockerfile --target app" in app
    assert f"--cache-from type=registry,ref={IMAGE}:cache-app-feature-x" in app
    assert f"--cache-from type=registry,ref={IMAGE}:cache-app-main" in app
    assert f"ignore-error=true,ref={IMAGE}:cache-app-feature-x ." in app
    assert build.done[3] == f"push -q {IMAGE}:7"


def test_a_builder_of_buildx_pushes_by_itself(build: Build) -> None:
    assert build(STUB="builder").returncode == 0
    assert "--push" in build.done[-1]
    assert build(STUB="builder", PUSH="no").returncode == 0
    assert "--load" in build.done[-1]


@pytest.mark.parametrize(("stub", "cache"), [("graph", "auto"), ("containerd", "auto")])
def test_without_push_nothing_leaves_the_machine(build: Build, stub: str, cache: str) -> None:
    assert build(STUB=stub, CACHE=cache, PUSH="no").returncode == 0
    assert not [line for line in build.done if "push" in line or "mode=max" in line]


def test_push_is_yes_or_no(build: Build) -> None:
    done = build(PUSH="false")
    assert (done.returncode, build.done) == (2, [])
    assert done.stderr == "build.sh: PUSH=false is neither yes nor no\n"


@pytest.mark.parametrize("stage", ["deps", "build", "lint", "app"])
def test_a_build_that_fails_ends_it_alone_or_beside_others(build: Build, stage: str) -> None:
    done = build(FAIL=f"--target {stage}")
    assert done.returncode != 0
    assert f"push -q {IMAGE}:latest" not in build.done


@pytest.mark.parametrize("shell", SHELLS, ids=lambda command: command[-1])
def test_a_job_in_the_background_that_fails_is_named(build: Build, shell: list[str]) -> None:
    build.shell = shell
    done = build(FAIL="--target lint")
    assert done.returncode == 1
    assert done.stderr.endswith("build.sh: failed: lint\n")
    assert not [line for line in build.done if "--target app" in line]


def test_a_cache_that_cannot_be_pushed_is_no_failure(build: Build) -> None:
    done = build(FAIL="push")
    assert done.returncode == 3, "but an image that cannot be pushed is"
    assert "build.sh: cannot push the cache of deps: the next run builds it again\n" in done.stderr
    assert len([line for line in build.done if line.startswith("buildx")]) == 6


def test_an_image_that_is_not_there_yet_is_no_failure(tmp_path: Path) -> None:
    build = Build(tmp_path, "no-leaf")
    done = build(CACHE="push-pull", FAIL="pull", BRANCH="x")
    assert done.returncode == 0
    assert "build.sh: there is no cache of a\n" in done.stderr
    pulled = [line for line in build.done if line.startswith("pull")]
    assert pulled[:2] == [f"pull -q {IMAGE}:cache-a-x", f"pull -q {IMAGE}:cache-a-main"]
    assert build(CACHE="push-pull", BRANCH="x").returncode == 0
    pulled = [line for line in build.done if line.startswith("pull")]
    assert pulled == [f"pull -q {IMAGE}:cache-{stage}-x" for stage in ("a", "b")]


@pytest.mark.parametrize("stub", ["graph", "containerd"])
def test_a_folder_that_cannot_be_written_is_no_failure(build: Build, stub: str) -> None:
    (build.folder / "file").write_text("")
    done = build(STUB=stub, CACHE="local:file/kept")
    assert done.returncode == 0
    assert "build.sh: cannot write file/kept: building without a cache\n" in done.stderr
    assert not [line for line in build.done if "cache-to" in line or "save" in line]


def test_images_that_cannot_be_loaded_or_saved_are_no_failure(build: Build) -> None:
    (build.folder / "kept").mkdir()
    (build.folder / "kept/images.tar").write_text("damaged")
    done = build(CACHE="local:kept", FAIL="kept/")
    assert done.returncode == 0
    assert "build.sh: kept/images.tar is damaged: building without it\n" in done.stderr
    assert done.stderr.endswith("build.sh: cannot write kept: the next run builds all again\n")
    assert [line.split()[0] for line in build.done].count("save") == 1


def test_a_branch_is_what_the_ci_says(build: Build) -> None:
    for name in ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BRANCH"):
        assert f"of a-b.C_{name}, else main" in build("-n", **{name: f"a/b.C_{name}"}).stderr
    odd = "x/" + ODD
    assert f"of {slug(odd)}, else main" in build("-n", BRANCH=odd).stderr


def test_options_reach_docker_as_they_were_given(tmp_path: Path) -> None:
    build = Build(tmp_path, "options")
    assert build(STUB="containerd", CACHE="none").returncode == 0
    line = build.done[0]
    assert f"--build-arg A=1 --build-arg B={ODD} --build-arg C --secret id=npm" in line
    assert "--platform linux/amd64,linux/arm64 --network host" in line
    assert line.endswith(f"a {ODD}")
    assert not list(tmp_path.glob("x"))


def test_several_images_have_a_tag_each(tmp_path: Path) -> None:
    build = Build(tmp_path, "several")
    assert build(STUB="containerd").returncode == 0
    pushed = [line for line in build.done if line.startswith("push")]
    assert sorted(pushed) == [f"push -q {IMAGE}:latest-app", f"push -q {IMAGE}:latest-test"]


def test_a_dockerfile_that_has_changed_is_said_where_stages_had_to_be_named(tmp_path: Path) -> None:
    done = Build(tmp_path, "unnamed")()
    assert done.returncode == 2
    assert done.stderr.endswith(
        "build.sh: Dockerfile:1 is not 'FROM alpine:3.20' now: write build.sh again\n"
    )


@pytest.mark.parametrize("stage", ["deps", "build"])
def test_a_term_ends_what_runs_and_leaves_nothing(build: Build, stage: str) -> None:
    """Of `deps`, which is built beside `tools`, and of `build`, which is built alone."""
    with subprocess.Popen(
        ["/bin/sh", "build.sh"],
        cwd=build.folder,
        env=build.env(STALL=f"--target {stage}"),
        stderr=subprocess.PIPE,
    ) as process:
        while not [line for line in build.done if f"--target {stage}" in line]:
            assert process.poll() is None
            time.sleep(0.05)
        began = time.monotonic()
        process.terminate()
        process.communicate()  # ends when nobody holds its stderr any more
    assert (process.returncode, time.monotonic() - began < 10) == (143, True)
    assert not list((build.folder / "tmp").iterdir())


def test_no_docker_is_one_failure(build: Build) -> None:
    done = build(STUB="down")
    assert (done.returncode, build.done) == (1, [])
    assert done.stderr == "cannot connect\nbuild.sh: docker does not answer\n"


def test_its_manual_is_its_head(build: Build) -> None:
    done = build("-h")
    assert done.stdout.startswith("build.sh: builds an image so that")
    assert "exit: 1 a build" in done.stdout
    assert build("-x").returncode == 2


def emit(*arguments: str, text: str = PROJECT) -> Result:
    command = ["cache", "-i", IMAGE, *arguments]
    return CliRunner().invoke(cli, command, prog_name="emit", input=text)


def test_the_command_writes_an_executable_and_checks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Dockerfile").write_text(PROJECT)
    assert emit("-o", "ci.sh").output == ""
    assert Path("ci.sh").stat().st_mode & 0o111
    assert "ME=ci.sh\n" in Path("ci.sh").read_text()
    assert emit("-o", "ci.sh", "--check").exit_code == 0
    changed = emit("-o", "ci.sh", "--check", "--skip", "lint")
    assert changed.exit_code == 1
    assert "-	together leaf 'test' 'lint'\n+	together leaf 'test'\n" in changed.stdout


def test_a_file_whose_name_no_line_can_hold_is_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a\nb").write_text(PROJECT)
    done = emit("-f", "a\nb")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "-f 'a\\nb' holds a control character" in done.stderr


def test_the_shell_completes_the_ways_to_keep_a_cache() -> None:
    words = {"COMP_WORDS": "emit cache --cache l", "COMP_CWORD": "3"}
    env = {"_EMIT_COMPLETE": "bash_complete", **words}
    assert CliRunner().invoke(cli, prog_name="emit", env=env).stdout == "plain,local:\n"


@pytest.mark.parametrize("option", ["--change=x", "--runs=2"])
def test_what_is_for_measuring_is_for_nothing_else(option: str) -> None:
    done = emit("-f", "-", option)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--change and --runs are for --measure" in done.stderr


def test_the_command_tells_its_plan() -> None:
    assert '"deps",\n      "tools"' in emit("-f", "-", "--plan").stdout
    assert emit("-f", "-", "--dry-run").stdout.startswith(f"{IMAGE}:latest of Dockerfile\n")


def test_a_script_of_stdin_speaks_of_the_usual_file() -> None:
    written = emit("-f", "-", text=PROJECT + "RUN <<E\nE\n").stdout
    assert "FILE=Dockerfile\n" in written
    assert "BUILDKIT='Dockerfile:22 (RUN <<E)'\n" in written
    assert "<stdin>" not in written


def test_the_plan_says_what_it_is_of() -> None:
    assert plan().file == "Dockerfile"
