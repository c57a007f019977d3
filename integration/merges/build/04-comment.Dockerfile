# merges: 0 safe, 1 wrapped
# a comment ends with its line
FROM alpine:3.20
RUN touch /first # note
RUN touch /second
