# merges: 0 safe, 1 wrapped
# a function is gone with its shell
FROM alpine:3.20
RUN touch() { echo mine; }; touch /first
RUN touch /second
