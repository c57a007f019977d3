"""Where the templates are, and the files of the library."""

from pathlib import Path

from emit.errors import TemplateError

_DIRECTIVE = "# shellcheck shell=sh"


def folder() -> Path:
    """Return the template folder: the wheel's own, else the checkout's beside the package.

    Raises TemplateError when neither exists.
    """
    package = Path(__file__).resolve().parent
    for place in (package / "shell_templates", package.parent / "shell_templates"):
        if place.is_dir():
            return place
    raise TemplateError(f"no shell_templates in or beside {package}; install emit-sh again")


def read_template(name: str) -> str:
    """Return the text of the skeleton NAME, such as `rget.sh.j2`."""
    return _read(folder() / name)


def read_lib(path: str) -> str:
    """Return the function in lib/PATH as it goes into a script.

    That is the file without the directive that lets shellcheck read it alone and without
    blank lines at either end; no newline at the end.
    """
    lines = _read(folder() / "lib" / path).splitlines()
    return "\n".join(line for line in lines if line != _DIRECTIVE).strip("\n")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(
            f"cannot read the template {file}: {error.strerror}; install emit-sh again"
        ) from error
