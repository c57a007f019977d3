# merges: 0 safe, 1 wrapped
# exec ends the shell
FROM alpine:3.20
RUN exec touch /first
RUN touch /second
