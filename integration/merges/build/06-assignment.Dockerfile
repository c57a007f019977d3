# merges: 0 safe, 2 wrapped
# nor one that was only set, nor that of a loop
FROM alpine:3.20
RUN MODE=dev; echo "$MODE" >/first
RUN for i in 1 2; do touch /$i; done
RUN echo "${MODE:-prod}${i-}" >/second
