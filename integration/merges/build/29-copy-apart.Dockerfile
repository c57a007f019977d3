# merges: 0 safe, 0 wrapped
# other flags, other places, no directory
FROM alpine:3.20
COPY a.txt /x/
COPY --chmod=700 b.txt /x/
COPY b.txt /y/
COPY a.txt /file
COPY b.txt /file
