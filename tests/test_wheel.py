"""The package as its users get it: built, installed elsewhere, run from another folder."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from emit import __version__
from tests.variants import ROOT

VARIANTS = [("rget",), ("rget", "--lean"), ("rget", "--minify")]


def run(*command: str | Path, cwd: Path, **env: str) -> bytes:
    """Return what a command prints, without any PYTHON* variable of ours."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**clean, **env},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh venv that holds the wheel.

    Its dependencies are those of our own venv, by a path file: no network is needed. The
    editable emit is not among them, for such a path file is not followed further.
    """
    place = tmp_path_factory.mktemp("venv")
    venv.create(place, with_pip=True)
    wheel = next(built.glob("*.whl"))
    python = place / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, cwd=place)
    ours = run(sys.executable, "-c", "import click; print(click.__file__)", cwd=place)
    packages = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place
    )
    dependencies = Path(ours.decode().strip()).parent.parent
    (Path(packages.decode().strip()) / "dependencies.pth").write_text(f"{dependencies}\n")
    return place / "bin"


@pytest.mark.parametrize("arguments", VARIANTS, ids=" ".join)
def test_the_wheel_writes_what_the_checkout_writes(
    installed: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    tools = Path(sys.executable).parent
    path = os.pathsep.join([str(tools), os.environ["PATH"]])
    written = run(installed / "emit", *arguments, cwd=tmp_path, PATH=path)
    assert written.startswith(b"#!/bin/sh\n")
    assert written == run(sys.executable, "-m", "emit", *arguments, cwd=ROOT)


def test_the_wheel_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    code = "import emit.templates as t; print(t.__file__, t.folder())"
    module, folder = run(installed / "python", "-c", code, cwd=tmp_path).decode().split()
    assert Path(module).is_relative_to(installed.parent)
    assert Path(folder) == Path(module).parent / "shell_templates"


def test_the_wheel_has_its_version_its_licence_and_every_template(built: Path) -> None:
    wheel = built / f"emit_sh-{__version__}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    templates = [file for file in (ROOT / "shell_templates").rglob("*") if file.is_file()]
    assert [file for file in templates if f"emit/{file.relative_to(ROOT)}" not in names] == []
    ours = [file for file in (ROOT / "emit").rglob("*.*") if "__pycache__" not in file.parts]
    assert [file for file in ours if str(file.relative_to(ROOT)) not in names] == []
    assert "emit/layers/page/page.js" in names
    assert "emit/py.typed" in names
    assert f"emit_sh-{__version__}.dist-info/licenses/LICENSE" in names
    assert {name.split("/")[0] for name in names} == {"emit", f"emit_sh-{__version__}.dist-info"}


def test_the_sdist_carries_no_more_than_its_sources(built: Path) -> None:
    with tarfile.open(built / f"emit_sh-{__version__}.tar.gz") as archive:
        tops = {Path(name).parts[1] for name in archive.getnames() if "/" in name}
    assert {"emit", "shell_templates", "pyproject.toml", "LICENSE", "README.md"} <= tops
    assert not {".venv", ".git", ".mypy_cache", "dist"} & tops


def test_a_bare_checkout_runs_where_the_dependencies_are(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("emit", "shell_templates"):
        shutil.copytree(ROOT / name, checkout / name)
    code = "import emit; print(emit.__file__)"
    where = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(checkout))
    assert Path(where.decode().strip()).is_relative_to(checkout)
    written = run(sys.executable, "-m", "emit", "rget", cwd=tmp_path, PYTHONPATH=str(checkout))
    assert written == run(sys.executable, "-m", "emit", "rget", cwd=ROOT)
