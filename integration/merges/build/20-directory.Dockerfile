# merges: 0 safe, 0 wrapped
# the second starts in a new directory, not in the one that is gone
FROM alpine:3.20
WORKDIR /work/here
RUN touch one && rm -rf /work/here
RUN touch two
