# merges: 0 safe, 1 wrapped
# the second has a umask of its own
FROM alpine:3.20
RUN umask 077 && touch /first
RUN touch /second
