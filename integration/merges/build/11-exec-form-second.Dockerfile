# merges: 0 safe, 0 wrapped
# no shell runs it
FROM alpine:3.20
RUN touch /first
RUN ["touch", "/second"]
