# merges: 0 safe, 2 wrapped
# quotes within quotes
FROM alpine:3.20
RUN set -e; echo 'a' "b'c" \
  'd "$x" \' >/first
RUN cd /tmp; printf '%s\n' '$HOME' "it's" \
    # a comment
    'two' >/second
RUN exit 0
