"""emit layers: why is this image big."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict, Unpack

import click
from click.shell_completion import CompletionItem

from emit.commands.options import build_arg_option, complete_images
from emit.console import colourful, columns, complain, reading, say, write_text

if TYPE_CHECKING:
    from emit.layers.budget import Verdict
    from emit.layers.image import Image
    from emit.layers.report import Examined, Place, Totals

_MOST = 2


class _Asked(TypedDict):
    """The command line, by click's names."""

    images: tuple[str, ...]
    file: str
    base: str
    dockerfile: str
    target: str
    build_args: tuple[str, ...]
    json: bool
    md: bool
    html: bool
    top: int
    platform: str
    tag: str
    max_size: str
    max_pull_size: str
    max_wasted: str
    max_layer: str
    min_efficiency: str
    max_growth: str
    baseline: str
    forbid: tuple[str, ...]


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the engine's images that begin with what was typed, and leave files to the shell."""
    names = map(CompletionItem, complete_images(ctx, param, incomplete))
    return [*names, CompletionItem(incomplete, type="file")]


@click.command(
    epilog="""\b
IMAGE is a file that `docker save` or an OCI tool wrote, a folder with an OCI layout,
- for stdin, or a name for the engine (docker, podman or nerdctl): docker:NAME where a
file has that name, too.

\b
Examples:
  emit layers app:latest                       the answer, then the layers
  docker save app | emit layers -              the same from a pipe
  emit layers app --html -o app.html           a page with a treemap
  emit layers app -f Dockerfile                file and line of each command
  emit layers main.tar mine.tar                what made it bigger than main?
  emit layers app --max-wasted 5% --forbid '.git'    in CI: exit 1 and say which
  emit layers app --json -o new.json --baseline old.json --max-growth 5%

\b
Exit codes: 0 done, 1 a budget is broken or the engine failed, 2 usage, or no image.
"""
)
@click.argument(
    "images", nargs=-1, required=True, metavar="IMAGE [NEWER]", shell_complete=_complete
)
@click.option("-o", "file", default="-", metavar="FILE", help="Where to; - is stdout (default).")
@click.option("--json", is_flag=True, help="The whole report as JSON, its schema versioned.")
@click.option("--md", is_flag=True, help="Markdown, for a pull request.")
@click.option("--html", is_flag=True, help="One page: treemap, table, search; needs no network.")
@click.option("--top", default=3, metavar="N", help="Findings to show (3).", type=click.IntRange(0))
@click.option("--platform", default="", metavar="OS/ARCH", help="Which image of several.")
@click.option("--tag", default="", metavar="TAG", help="Which image of several.")
@click.option(
    "--base",
    default="",
    metavar="IMAGE|N",
    help="The base image, or its layers.",
    shell_complete=_complete,
)
@click.option(
    "-f", "--dockerfile", default="", type=click.Path(), metavar="FILE", help="Name its lines, too."
)
@click.option("--target", default="", metavar="STAGE", help="The stage that IMAGE is (the last).")
@build_arg_option
@click.option("--max-size", default="", metavar="SIZE", help="Budget: bytes of all layers.")
@click.option("--max-pull-size", default="", metavar="SIZE", help="Budget: bytes as packed.")
@click.option("--max-wasted", default="", metavar="SIZE|PCT", help="Budget: wasted bytes.")
@click.option("--max-layer", default="", metavar="SIZE", help="Budget: bytes of any layer.")
@click.option("--min-efficiency", default="", metavar="PCT", help="Budget: visible of stored.")
@click.option("--max-growth", default="", metavar="SIZE|PCT", help="Budget: over the baseline.")
@click.option(
    "--baseline", default="", type=click.Path(), metavar="FILE", help="A report that --json wrote."
)
@click.option("--forbid", multiple=True, metavar="GLOB", help="Budget: no such path; repeatable.")
def layers(**asked: Unpack[_Asked]) -> None:
    """Say why an image is big: which commands to change first, then layer by layer.

    Sizes are decimal (10MB) or binary (10MiB). Nothing is extracted or sent anywhere.
    """
    from emit.layers.forms import form

    kind = form({name: bool(asked[name]) for name in ("json", "md", "html")}, asked["file"])
    _require(asked)
    with _uncollected():
        *older, newest = [_examine(name, asked) for name in asked["images"]]
        verdicts = _judge(newest, older[0].report.totals if older else None, asked)
        text = _drawn(kind, older, newest, verdicts, asked)
    write_text(asked["file"], text)
    broken = [str(one) for one in verdicts if not one.ok]
    if broken:
        what = "a budget is" if len(broken) == 1 else f"{len(broken)} budgets are"
        sys.exit(complain(f"{what} broken: {'; '.join(broken)}", 1))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles out: there are none, and its rounds take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _require(asked: _Asked) -> None:
    """Refuse what would have no effect, and what cannot be; raises UsageError."""
    names = [*asked["images"], asked["base"]]
    for wrong, why in (
        (len(asked["images"]) > _MOST, "it compares two images, no more"),
        (names.count("-") > 1, "- is read once: name one of the images by its file"),
        (asked["target"] and not asked["dockerfile"], "--target needs -f DOCKERFILE"),
        (asked["build_args"] and not asked["dockerfile"], "--build-arg needs -f DOCKERFILE"),
        (asked["baseline"] and not asked["max_growth"], "--baseline needs --max-growth"),
    ):
        if wrong:
            raise click.UsageError(why)


def _examine(name: str, asked: _Asked) -> "Examined":
    from emit.layers.report import examine

    image = _read(name, asked)
    places = _places(image, asked)
    base = _base(image, asked)
    if base is None and places:
        from emit.layers.locate import base_layers

        base = base_layers(places, len(image.layers))
    return examine(name, image, base=base, places=places)


def _places(image: "Image", asked: _Asked) -> "dict[int, Place]":
    """Find the layers' commands in --dockerfile."""
    if not asked["dockerfile"]:
        return {}
    from emit.dockerfile.load import load_graph
    from emit.layers.locate import locate

    target, platform = asked["target"], image.platform or None
    graph = load_graph(asked["dockerfile"], asked["build_args"], platform, target or None)
    stage = graph.find(target) if target else graph.stages[-1]
    found = locate([layer.command for layer in image.layers], graph, stage)
    if not found:
        say(f"no layer of the image was made by a line of {asked['dockerfile']}; is it another's?")
    return found


def _read(name: str, asked: _Asked) -> "Image":
    from emit.layers.source import read_image, total

    with reading(name, total(name)) as told:
        return read_image(name, platform=asked["platform"], tag=asked["tag"], told=told)


def _base(image: "Image", asked: _Asked) -> int | None:
    """Return how many layers are the base's: --base says so, or names an image that begins so."""
    name = asked["base"]
    if not name:
        return None
    if name.isdecimal():
        if int(name) > len(image.layers):
            raise click.UsageError(f"--base {name}: the image has {len(image.layers)} layers")
        return int(name)
    from emit.layers.compare import common_layers

    base = _read(name, {**asked, "tag": ""})
    same = common_layers(base, image)
    if same < len(base.layers):
        raise click.UsageError(f"--base {name}: only {same} of its layers are at the bottom")
    return same


def _judge(newest: "Examined", before: "Totals | None", asked: _Asked) -> "tuple[Verdict, ...]":
    from emit.layers.budget import Limits, baseline, judge

    limits = Limits(
        max_size=asked["max_size"],
        max_pull=asked["max_pull_size"],
        max_wasted=asked["max_wasted"],
        max_layer=asked["max_layer"],
        min_efficiency=asked["min_efficiency"],
        max_growth=asked["max_growth"],
        forbid=asked["forbid"],
    )
    if asked["baseline"]:
        before = baseline(asked["baseline"])
    paths = (entry.path for layer in newest.image.layers for entry in layer.scan.entries)
    return judge(limits, newest.report.totals, newest.ledger.stored, paths, before)


def _drawn(
    kind: str,
    older: "list[Examined]",
    newest: "Examined",
    verdicts: "tuple[Verdict, ...]",
    asked: _Asked,
) -> str:
    from emit.layers import forms

    comparison = None
    if older:
        from emit.layers.compare import compare

        comparison = compare(older[0], newest)
    content = comparison or newest.report
    if kind == "json":
        return forms.as_json(content, verdicts)
    if kind == "html":
        from emit.layers.page import page

        return page(newest.report, comparison, newest.ledger, verdicts)
    if kind == "md":
        from emit.layers.markdown import write

        return write(content, verdicts, top=asked["top"])
    from emit.layers.terminal import draw

    return draw(content, verdicts, top=asked["top"], width=columns(), colour=colourful())
