# merges: 0 safe, 1 wrapped
# the second does not see the variable
FROM alpine:3.20
RUN export MODE=dev && echo "$MODE" >/first
RUN echo "${MODE:-prod}" >/second
