# ONBUILD runs in the stage right above, and no further.
FROM alpine:3.20 AS unused
RUN echo unused

FROM alpine:3.20 AS base
ONBUILD RUN echo built on base >>/log
ONBUILD COPY <<EOF /trigger
FROM not a stage
EOF
ENV A=1

FROM base AS child
RUN echo child >>/log

FROM child AS grandchild
RUN echo grandchild >>/log
