# merges: 0 safe, 1 wrapped
# the same with ;
FROM alpine:3.20
RUN false
RUN touch /a; true
