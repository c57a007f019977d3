# merges: 4 safe, 4 wrapped
# names that do not meet
FROM alpine:3.20
ENV A=1 \
    B="b c"
ENV C=$PATH
# between
ENV D='x'
LABEL a.b="c" d=$A
LABEL e=f\ g
LABEL h="$C"
ARG X=1
ENV X=$X
