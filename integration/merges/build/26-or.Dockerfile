# merges: 1 safe, 1 wrapped
# || is only in the way on the right
FROM alpine:3.20
RUN test -e /nope || touch /first
RUN touch /second
