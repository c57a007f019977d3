# merges: 0 safe, 1 wrapped
# the build fails, and goes on failing
FROM alpine:3.20
RUN false
RUN test -e /nope || true
