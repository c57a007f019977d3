"""The workflow and the job by their published schemas; bake reads its file in integration/."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from emit.cache.forms import TEMPLATES, values
from emit.cli import cli
from emit.errors import UsageError
from emit.external import find
from emit.render import render
from tests.cache.dockerfiles import IMAGE, PROJECT, VARIANTS, plan

SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
PLANS = {
    **{name: made for name, made in VARIANTS.items() if name != "options"},
    "options": plan(
        image="ghcr.io/me/app:v1",
        build_args=("A=1", 'B=it\'s "$(x)" ${Y} %{Z} #', "COMMIT"),
        secrets=("id=npm,env=NPM_TOKEN", "id=key,src=/run/key"),
        platforms=("linux/amd64", "linux/arm64"),
        network="host",
        context="a b",
        branch="release/2",
    ),
}


def text(form: str, name: str) -> str:
    return render(TEMPLATES[form], values(PLANS[name], form))


@pytest.mark.parametrize("form", SCHEMAS)
def test_every_variant_is_what_the_schema_wants(form: str, tmp_path: Path) -> None:
    program = find("check-jsonschema")
    assert program
    for name in PLANS:
        (tmp_path / f"{name}.yml").write_text(text(form, name))
    done = subprocess.run(
        [program, "--builtin-schema", SCHEMAS[form], *sorted(tmp_path.iterdir())],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n"), done.stdout


@pytest.mark.parametrize("form", SCHEMAS)
def test_the_schema_refuses_what_is_none(form: str, tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(text(form, "project").replace("steps:", "stepz:")
                                    .replace("script:\n", "script: 1\n"))  # fmt: skip
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[form]]
    done = subprocess.run([*command, tmp_path / "x.yml"], check=False, capture_output=True)
    assert done.returncode == 1


def loaded(form: str, name: str) -> dict[str, object]:
    from ruamel.yaml import YAML  # noqa: PLC0415 - check-jsonschema brings it

    found = YAML(typ="safe").load(text(form, name))
    assert isinstance(found, dict)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def commands(form: str, name: str) -> list[str]:
    """Return the scripts of a workflow's steps or of a job."""
    data = loaded(form, name)
    if form == "gitlab":
        return [*data["build-image"]["before_script"], *data["build-image"]["script"]]  # type: ignore[index]
    steps = data["jobs"]["image"]["steps"]  # type: ignore[index]
    return [step["run"] for step in steps if "run" in step]


@pytest.mark.parametrize("form", SCHEMAS)
@pytest.mark.parametrize("name", ["project", "options", "several", "unnamed"])
def test_its_commands_are_sh(form: str, name: str, tmp_path: Path) -> None:
    program = find("shellcheck")
    assert program
    whole = "#!/bin/sh\n" + "\n".join(commands(form, name))
    (tmp_path / "x.sh").write_text(whole)
    options = ["--norc", "--exclude=SC2154"]  # SCOPE and its like come from elsewhere
    done = subprocess.run(
        [program, *options, tmp_path / "x.sh"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("form", SCHEMAS)
def test_leaves_come_before_the_image_and_nothing_else_is_built(form: str) -> None:
    builds = [line for line in commands(form, "project") if "docker buildx build" in line]
    targets = [build.split("--target ")[1].split()[0] for build in builds]
    assert targets == ["test", "lint", "app"]
    assert "--push" in builds[2]
    assert not [build for build in builds[:2] if "--push" in build]


def test_a_fork_which_has_no_secrets_logs_in_by_the_token_or_not_at_all() -> None:
    assert actions("project")["docker/login-action@v3"]["if"] == (
        "github.event.pull_request.head.repo.fork != true"
    )
    ghcr = actions("options")["docker/login-action@v3"]
    assert "if" not in ghcr, "ghcr.io takes the token of the workflow"


def actions(name: str) -> dict[str, dict[str, str]]:
    """Return the steps of a workflow that use an action, by its name."""
    steps = loaded("github", name)["jobs"]["image"]["steps"]  # type: ignore[index]
    return {step["uses"]: step for step in steps if "uses" in step}


def test_other_platforms_are_emulated_where_they_are_asked_for() -> None:
    assert "docker/setup-qemu-action@v3" in actions("options")
    assert "docker/setup-qemu-action@v3" not in actions("project")
    binfmt = "docker run --rm --privileged tonistiigi/binfmt --install all"
    assert binfmt in commands("gitlab", "options")
    assert binfmt not in commands("gitlab", "project")


def test_targets_of_bake_differ_and_an_argument_given_twice_stands_once() -> None:
    text = "FROM a AS x.y\nFROM a AS x_y\nFROM a AS default\n"
    found = values(plan(text, build_args=("A=1", "B", "A=2", "B")), "bake")
    assert found["groups"] == ["x_y", "x_y_", "default_"]
    assert (found["args"], found["passed"]) == ([("A", "2")], ["B"])


def test_secrets_and_variables_come_from_github() -> None:
    job = loaded("github", "options")["jobs"]["image"]  # type: ignore[index]
    assert job["env"] == {
        "NPM_TOKEN": "${{ secrets.NPM_TOKEN }}",
        "COMMIT": "${{ vars.COMMIT }}",
    }
    taken = ("COMMIT", "NPM_TOKEN", "COMMIT", "GITHUB_SHA")
    made = plan(build_args=taken, secrets=("id=a,env=NPM_TOKEN", "id=b,env=NPM_TOKEN"))
    assert values(made, "github")["environment"] == [("COMMIT", "vars"), ("NPM_TOKEN", "secrets")]
    assert loaded("github", "options")["permissions"] == {"contents": "read", "packages": "write"}
    assert loaded("github", "project")["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(
    ("registry", "given", "said"),
    [
        (
            "registry.example.com",
            {},
            "login --username ci --password-stdin registry.example.com: job",
        ),
        ("registry.gitlab.com", {}, ""),
        ("", {}, ""),
        (
            "registry.gitlab.com",
            {"REGISTRY_USER": "me", "REGISTRY_PASSWORD": "own"},
            "login --username me --password-stdin registry.example.com: own",
        ),
    ],
)
def test_the_token_of_gitlab_goes_to_its_own_registry_alone(
    registry: str, given: dict[str, str], said: str, tmp_path: Path
) -> None:
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\nprintf "%s: %s" "$*" "$(cat)"\n')
    docker.chmod(0o755)
    login = next(each for each in commands("gitlab", "project") if "docker login" in each)
    done = subprocess.run(
        ["/bin/sh", "-c", login],
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "CI_REGISTRY": registry,
            "CI_REGISTRY_USER": "ci",
            "CI_REGISTRY_PASSWORD": "job",
            **given,
        },
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (done.stdout, done.returncode == 0) == (said, bool(said))
    assert said or "REGISTRY_USER: is no variable of the project" in done.stderr


@pytest.mark.parametrize(
    ("form", "wanted", "message"),
    [
        ("github", {"cache": "inline"}, "--cache inline is for --format sh"),
        ("github", {"build_args": ("A=${{ secrets.X }}",)}, "which GitHub expands"),
        ("bake", {"build_args": ("A-B=1",)}, "--build-arg A-B: a name is letters"),
        ("gitlab", {"build_args": ("A B",)}, "--build-arg A B: a name is letters"),
    ],
)
def test_what_a_form_cannot_say_is_usage(
    form: str, wanted: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        values(plan(**wanted), form)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("file", "sign"),
    [
        ("x.sh", "#!/bin/sh\n"),
        ("docker-bake.hcl", "# docker buildx bake: Dockerfile: test lint app\n"),
        (".gitlab-ci.yml", "  image: docker:28\n"),
        (".github/workflows/image.yml", "    runs-on: ubuntu-latest\n"),
    ],
)
def test_the_files_name_chooses_the_form(
    file: str, sign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".github/workflows").mkdir(parents=True)
    Path("Dockerfile").write_text(PROJECT)
    done = CliRunner().invoke(cli, ["cache", "-i", IMAGE, "-o", file], prog_name="emit")
    assert (done.exit_code, done.output) == (0, "")
    assert sign in Path(file).read_text()
