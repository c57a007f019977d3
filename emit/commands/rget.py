"""emit rget: the vendorable downloader."""

from collections.abc import Sequence

import click

from emit.console import as_json, compare, show, write


@click.command(
    epilog="""\b
Examples:
  emit rget -o rget.sh                  everything
  emit rget --lean >rget.sh             the core and digest, to read in one sitting
  emit rget --lean --with progress      ... and a bar
  emit rget --without portable          busybox wget and nothing else
  emit rget --lean --minify             short, to paste into a Dockerfile
  emit rget -o rget.sh --check          in CI: is the vendored copy up to date?
"""
)
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option("--lean", is_flag=True, help="Begin with core and digest instead of all features.")
@click.option("--with", "with_", multiple=True, metavar="F", help="Add a feature; repeatable.")
@click.option("--without", multiple=True, metavar="F", help="Leave a feature out; repeatable.")
@click.option("--minify", is_flag=True, help="No comments, short names.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and show how FILE differs.")
@click.option("--plan", is_flag=True, help="Write nothing; print the decisions as JSON.")
def rget(
    *,
    file: str,
    lean: bool,
    with_: Sequence[str],
    without: Sequence[str],
    minify: bool,
    check: bool,
    plan: bool,
) -> None:
    """Write rget.sh, which fetches a file over several HTTP range requests at once.

    It needs nothing but what a stock Alpine image holds. Features: digest, headers,
    mirrors, portable (GNU wget, curl), progress, stream; all of them unless --lean.
    """
    from emit.rget import TEMPLATE, plan_rget

    chosen = plan_rget(lean=lean, with_=with_, without=without, minify=minify)
    if plan:
        show(as_json(chosen))
        return
    from emit.compose import compose

    text = compose(TEMPLATE, chosen.values(), short=chosen.title if minify else None)
    if check:
        compare(file, text)
    else:
        write(file, text)
