# merges: 3 safe, 3 wrapped
# commands that change nothing but files
FROM alpine:3.20
RUN mkdir /d; \
    # in between
    touch /d/1

# of the second
RUN touch /d/2 && chmod 600 /d/2
RUN (cd /d && touch 3) && echo "it's $(cd /d && pwd)" >/4
RUN case x in x) touch /5 ;; esac && [ -e /5 ] && cd /d && touch 6
