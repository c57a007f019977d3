FROM alpine:3.20 AS scratch
RUN echo from a stage called scratch >/made

FROM alpine:3.20 AS unused
RUN echo unused

FROM alpine:3.20 AS cached
RUN --mount=type=cache,target=/cache echo cached >/cached

FROM alpine:3.20 AS plain
COPY src /src
COPY a.txt b.txt /files/

FROM scratch AS app
COPY --from=cached /cached /cached
