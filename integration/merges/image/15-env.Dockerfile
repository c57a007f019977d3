# merges: 0 safe, 0 wrapped
# each ENV sees what stood before it
FROM alpine:3.20
ENV A=1
ENV B=${A-none}
