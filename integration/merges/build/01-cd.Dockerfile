# merges: 0 safe, 1 wrapped
# the second starts in / again
FROM alpine:3.20
RUN mkdir -p /a && cd /a
RUN touch f
