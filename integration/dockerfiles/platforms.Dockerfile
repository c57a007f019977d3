# The stage below depends on the platform that the image is for.
ARG VARIANT=${TARGETARCH}${TARGETVARIANT:+-$TARGETVARIANT}

FROM alpine:3.20 AS base-amd64
RUN echo amd64 >/base

FROM alpine:3.20 AS base-arm64
RUN echo arm64 >/base

FROM base-${VARIANT#-} AS app
ARG TARGETPLATFORM
RUN echo "$TARGETPLATFORM $(uname -m)" >/for

FROM app AS other
RUN echo other
