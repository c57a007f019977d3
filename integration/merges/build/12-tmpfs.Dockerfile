# merges: 0 safe, 0 wrapped
# what is on the mount is gone after each
FROM alpine:3.20
RUN --mount=type=tmpfs,target=/t touch /t/x
RUN --mount=type=tmpfs,target=/t test ! -e /t/x && touch /empty
