# merges: 0 safe, 0 wrapped
# the body is not part of the line
FROM alpine:3.20
RUN <<EOF
touch /first
EOF
RUN touch /second
