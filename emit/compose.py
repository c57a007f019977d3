"""The way from a plan's values to a script that keeps the rules of the house."""

from collections.abc import Mapping

from emit.check import require
from emit.render import render


def compose(template: str, values: Mapping[str, object], *, short: str | None = None) -> str:
    """Return the checked script of TEMPLATE; with SHORT minified, under that one comment.

    Raises TemplateError or BugError where emit is wrong, ToolError where shfmt is missing.
    """
    script = render(template, values)
    require(script)
    if short is None:
        return script
    from emit.minify import minify  # noqa: PLC0415 - shfmt and its tree only where asked for

    script = minify(script, short)
    require(script, minified=True)
    return script
