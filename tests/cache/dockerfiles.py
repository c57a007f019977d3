"""Dockerfiles and plans that several tests share."""

from emit.cache.plan import CachePlan, plan_cache
from emit.cache.wanted import Wanted
from emit.dockerfile import parse, validate
from emit.dockerfile.stages import stage_graph
from emit.dockerfile.variables import settings

IMAGE = "registry.example.com/team/app"
PROJECT = """\
FROM alpine:3.20 AS deps
COPY deps.txt /
RUN make deps

FROM alpine:3.20 AS tools
RUN apk add make

FROM deps AS build
COPY --from=tools /usr /usr
COPY . .
RUN make

FROM build AS test
RUN make test

FROM build AS lint
RUN make lint

FROM alpine:3.20 AS app
COPY --from=build /out /out
CMD ["/out"]
"""
UNNAMED = """\
FROM alpine:3.20
RUN make deps

FROM alpine:3.20 \\
  AS build
COPY --from=0 /deps /deps

FROM alpine:3.20
RUN nobody

FROM alpine:3.20
COPY --from=build /out /out
"""
ODD = "it's $(touch x) `y` \\ \" ${Z} %{W} eval awk " + 70 * "x"


def plan(text: str = PROJECT, /, **wanted: object) -> CachePlan:
    """Return the plan of a Dockerfile."""
    dockerfile = parse(text, file="Dockerfile")
    validate(dockerfile)
    graph = stage_graph(dockerfile, settings(platform="linux/amd64"))
    return plan_cache(graph, Wanted(**{"image": IMAGE, **wanted}))  # type: ignore[arg-type]


VARIANTS: dict[str, CachePlan] = {
    "project": plan(),
    "no-inner": plan("FROM alpine\nRUN x\n"),
    "no-leaf": plan("FROM alpine AS a\nFROM a AS b\n"),
    "several": plan(targets=("app", "test"), skip=("lint",)),
    "unnamed": plan(UNNAMED),
    "last-unnamed": plan("FROM a AS x\nFROM b AS t\nFROM x\n"),
    "buildkit": plan("FROM a AS x\nRUN <<E\nE\nFROM x AS y\n"),
    "options": plan(
        build_args=("A=1", f"B={ODD}", "C"),
        secrets=("id=npm,env=NPM_TOKEN",),
        platforms=("linux/amd64", "linux/arm64"),
        network="host",
        context=f"a {ODD}",
        cache="local:/tmp/my cache",
        branch="feature/x",
    ),
}
