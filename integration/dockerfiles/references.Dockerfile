# check=skip=all

# How stages name one another: the nearest earlier one, any case, quotes, mounts.
ARG TOOL=tools
ARG BASE="alpine:3.20"

FROM "${BASE}" AS Tools
RUN printf '#!/bin/sh\necho tool\n' >/tool && chmod 755 /tool

FROM alpine:3.18 AS same
RUN echo first >/which

FROM same AS from-first
RUN cp /which /from-first

FROM alpine:3.18 AS same
RUN echo second >/which

FROM $TOOL AS build
LABEL stage=build
RUN --mount=type=bind,from=TOOLS,source=/tool,target=/mnt/tool \
	# a comment in between
	/mnt/tool >/said
RUN --mount=from=from-first,target=/m --mount=type=cache,target=/c cp /m/from-first /copied
COPY --from=SAME /which /which

# a test that nobody needs
FROM build AS test
RUN test -s /said
# it says no more

FROM scratch
COPY --from=build /said /copied /which /
CMD ["/said"]
