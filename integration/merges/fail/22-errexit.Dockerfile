# merges: 0 safe, 1 wrapped
# the same in braces
FROM alpine:3.20
SHELL ["/bin/sh", "-ec"]
RUN { false; touch /first; }
RUN touch /second
