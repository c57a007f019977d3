# merges: 0 safe, 0 wrapped
# the old form takes the whole line
FROM alpine:3.20
ENV A foo bar
ENV B=1
