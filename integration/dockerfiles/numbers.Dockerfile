# Stages by number, and an image that has one: in a file of two stages
# --from=3 is the image that --from=alpine:3.18 has brought in.

ARG ALPINE=3.20

# not needed by app
FROM alpine:$ALPINE
RUN echo unused >/unused

FROM alpine:$ALPINE
COPY a.txt /a
RUN echo one >>/a

FROM alpine:$ALPINE AS app
COPY --from=1 /a /a
COPY --from=alpine:3.18 /etc/alpine-release /one
COPY --chown=1:1 \
	--from=3 \
	/etc/alpine-release /two
