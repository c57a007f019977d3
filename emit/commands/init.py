"""emit init: a first emit.toml."""

import click

from emit.console import say, show


@click.command(
    epilog="""\b
Examples:
  emit init                                 a commented example
  emit init jqlang/jq                       the latest release of a GitHub project
  emit init gitlab:group/project            the same of GitLab
  emit init gitea:forgejo/runner --server https://code.forgejo.org
"""
)
@click.argument("project", metavar="[PROJECT]", required=False)
@click.option("--server", metavar="URL", help="Where the forge is, if not the public one.")
@click.option("-o", "file", default="emit.toml", metavar="FILE", help="Where to; - is stdout.")
@click.option("--force", is_flag=True, help="Write it over a FILE that is there.")
def init(*, project: str | None, server: str | None, file: str, force: bool) -> None:
    """Write a first emit.toml: an example, or one for a project's latest release.

    PROJECT is owner/repo on GitHub, or gitlab:PATH, gitea:PATH. Which file is for which
    platform is guessed by its name: read what was written.
    """
    from pathlib import Path

    from emit.errors import OutputError
    from emit.output import write_plain

    if file != "-" and Path(file).exists() and not force:
        raise OutputError(f"{file} is there already: edit it, or give --force")
    text = _text(project, server)
    if file == "-":
        show(text)
        return
    write_plain(Path(file), text)
    say(f"{file} written: read it, then run `emit lock`")


def _text(project: str | None, server: str | None) -> str:
    from emit.assets.init import EXAMPLE, first_config

    if project is None:
        return EXAMPLE
    from emit.assets.forges import newest_release
    from emit.assets.spec import parse_project

    source = parse_project(project, server)
    return first_config(source, newest_release(source))
