# merges: 4 safe, 4 wrapped
# in order, onto one another, files and folders
FROM alpine:3.20
WORKDIR /w
COPY a.txt /files/
COPY src /files/
COPY --chown=1:1 a.txt .
COPY --chown=1:1 b.txt src/main.txt .
COPY nope* a.txt /d/
COPY *.txt \
  # last
  src \
  /d/
COPY --link a.txt /l/
COPY --link b.txt /l/
