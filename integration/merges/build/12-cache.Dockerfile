# merges: 1 safe, 1 wrapped
# the same cache in both
FROM alpine:3.20
RUN --mount=type=cache,target=/c touch /c/x /first
RUN --mount=type=cache,target=/c ls /c >/second
