# merges: 0 safe, 0 wrapped
# What is left in /dev is gone with its RUN.
FROM alpine:3.20
RUN touch /dev/shm/first
RUN ls /dev/shm > /second
