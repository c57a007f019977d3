# merges: 0 safe, 0 wrapped
# the mount is for one of them
FROM alpine:3.20
RUN touch /first
RUN --mount=type=bind,source=a.txt,target=/m/x cp /m/x /second || touch /nomount
