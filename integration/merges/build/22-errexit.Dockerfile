# merges: 0 safe, 1 wrapped
# && would switch off -e within the braces
FROM alpine:3.20
SHELL ["/bin/sh", "-ec"]
RUN if true; then false || true; touch /first; fi
RUN touch /second
