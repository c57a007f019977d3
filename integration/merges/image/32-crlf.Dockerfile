# merges: 2 safe, 2 wrapped
FROM alpine:3.20
RUN touch /first \
	/other
RUN touch /second
# c
RUN --network=default touch /third
COPY a.txt /x/
COPY b.txt /x/