# merges: 0 safe, 1 wrapped
# exit ends the first, not the build
FROM alpine:3.20
RUN test -e /nope || exit 0
RUN touch /second
