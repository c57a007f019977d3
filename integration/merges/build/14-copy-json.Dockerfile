# merges: 0 safe, 0 wrapped
# a list of names with blanks
FROM alpine:3.20
COPY ["a.txt", "/x y/"]
COPY ["b.txt", "/x y/"]
