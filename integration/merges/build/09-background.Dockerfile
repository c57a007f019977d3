# merges: 0 safe, 0 wrapped
# what runs in the background ends with its RUN
FROM alpine:3.20
RUN touch /first & wait
RUN touch /second
