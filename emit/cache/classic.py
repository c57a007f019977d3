"""What of a Dockerfile the classic builder, which has no BuildKit, refuses or silently ignores."""

from collections.abc import Collection

from emit.dockerfile.model import Instruction
from emit.dockerfile.stages import StageGraph

_LAYERS = frozenset({"ADD", "COPY", "RUN", "WORKDIR"})
_PLATFORM = ("PLATFORM", "OS", "ARCH", "VARIANT")
_FLAGS = {
    "RUN": {"mount", "network", "security", "device"},
    "COPY": {"chmod", "exclude", "link", "parents"},
    "ADD": {"checksum", "chmod", "exclude", "keep-git-dir", "link"},
}


def needs_buildkit(graph: StageGraph) -> str:
    """Return the place and the reason, such as `Dockerfile:7 (RUN --mount)`; empty if none.

    The classic builder runs a RUN without the body of its here-document and says nothing
    (measured with Docker 26.1), and has no platform variables.
    """
    for item in graph.dockerfile.walk():
        reason = _reason(item)
        if reason:
            return f"{graph.dockerfile.file}:{item.line} ({reason})"
    for stage in graph.stages:
        names = sorted(name for name in stage.variables if name.startswith(("TARGET", "BUILD")))
        if names:
            return f"{graph.dockerfile.file}:{stage.said.line} (FROM ${names[0]})"
    return ""


def first_metadata(graph: StageGraph, built: Collection[int]) -> str:
    """Return the place of the first instruction of a stage that makes no layer; empty if none.

    With containerd's image store the classic builder of Docker 26.1 cannot take one from a
    cache: "failed to restore cached image: failed to read diff archive".
    """
    for index in sorted(built):
        for item in graph.stages[index].instructions:
            if item.keyword not in _LAYERS:
                return f"{graph.dockerfile.file}:{item.line} ({item.keyword})"
    return ""


def _reason(item: Instruction) -> str:
    if item.heredocs:
        return f"{item.keyword} <<{item.heredocs[0].name}"
    flags = [flag.name for flag in item.flags if flag.name in _FLAGS.get(item.keyword, ())]
    if flags:
        return f"{item.keyword} --{flags[0]}"
    if item.keyword == "ARG":
        for pair in item.pairs:
            if pair.key.startswith(("TARGET", "BUILD")) and pair.key.endswith(_PLATFORM):
                return f"ARG {pair.key}"
    return ""
