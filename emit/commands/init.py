"""emit init: a first emit.toml."""

import click

from emit.console import say, show


@click.command(
    epilog="""\b
Examples:
  emit init                                 a commented example
  emit init jqlang/jq junegunn/fzf          the latest releases of GitHub projects
  emit init gitlab:group/project            the same of GitLab
  emit init gitea:forgejo/runner --server https://code.forgejo.org
"""
)
@click.argument("projects", metavar="[PROJECT]...", nargs=-1)
@click.option("--server", metavar="URL", help="Where the forge is, if not the public one.")
@click.option("-o", "file", default="emit.toml", metavar="FILE", help="Where to; - is stdout.")
@click.option("--force", is_flag=True, help="Write it over a FILE that is there.")
def init(*, projects: tuple[str, ...], server: str | None, file: str, force: bool) -> None:
    """Write a first emit.toml: an example, or one for the latest releases of projects.

    PROJECT is owner/repo on GitHub, or gitlab:PATH, gitea:PATH. Which file is for which
    platform is guessed by its name: read what was written.
    """
    from pathlib import Path

    from emit.errors import OutputError
    from emit.output import write_plain

    if file != "-" and Path(file).exists() and not force:
        raise OutputError(f"{file} is there already: edit it, or give --force")
    text = _text(projects, server)
    if file == "-":
        show(text)
        return
    write_plain(Path(file), text)
    say(f"{file} written: read it, then run `emit lock`")


def _text(projects: tuple[str, ...], server: str | None) -> str:
    from emit.assets.init import EXAMPLE, first_config

    if not projects:
        return EXAMPLE
    from emit.assets.forges import newest_release
    from emit.assets.spec import parse_project

    sources = [parse_project(project, server) for project in projects]
    return first_config((source, newest_release(source)) for source in sources)
