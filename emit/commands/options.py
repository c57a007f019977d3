"""What several commands share: options of a Dockerfile, completion of stages and of assets."""

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from emit.errors import EmitError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

dockerfile_option: Decorator = click.option(
    "-f",
    "dockerfile",
    default="Dockerfile",
    metavar="FILE",
    help="The Dockerfile (./Dockerfile); - is stdin.",
)
build_arg_option: Decorator = click.option(
    "--build-arg",
    "build_args",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of a global ARG, as docker build takes it; repeatable.",
)
platform_option: Decorator = click.option(
    "--platform", metavar="OS/ARCH", help="The platform to build for (this machine's)."
)


def complete_stage(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the names of stages that begin with what was typed; none where none can be read."""
    from emit.dockerfile.load import load_graph

    del param
    try:
        graph = load_graph(ctx.params.get("dockerfile") or "Dockerfile")
    except EmitError:
        return []
    names = (stage.name for stage in graph.stages)
    return [CompletionItem(name) for name in names if name and name.startswith(incomplete.lower())]


def complete_assets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names in emit.toml that begin so, for the shell; none where it cannot be read."""
    del ctx, param
    from pathlib import Path

    from emit.assets.config import read_config

    try:
        names = read_config(Path("emit.toml")).assets
    except EmitError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def complete_images(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the engine's images that begin with what was typed, for the shell."""
    from emit.external import images

    del ctx, param
    return sorted(name for name in images() if name.startswith(incomplete))
