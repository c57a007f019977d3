# merges: 0 safe, 1 wrapped
# the second has no set -u
FROM alpine:3.20
RUN set -u; touch /first
RUN echo "x$NOPE" >/second
