# merges: 0 safe, 0 wrapped
# nor is that of COPY
FROM alpine:3.20
COPY <<EOF /files/
a
EOF
COPY a.txt /files/
