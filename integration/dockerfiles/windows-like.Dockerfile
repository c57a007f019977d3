FROM alpine:3.20 AS first
RUN echo 1 >/1

# second
FROM alpine:3.20 AS second
RUN echo 2 \
    >/2
LABEL odd="éÿ"

FROM second
COPY --from=0 /1 /1