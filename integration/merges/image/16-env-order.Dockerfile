# merges: 0 safe, 0 wrapped
# and not what it sets itself
FROM alpine:3.20
ENV A=1
ENV A=2 B=$A
