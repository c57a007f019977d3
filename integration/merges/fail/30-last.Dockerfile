# merges: 1 safe, 1 wrapped
# a failure at the end
FROM alpine:3.20
RUN touch /a
RUN test -e /a && false
