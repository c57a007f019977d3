# escape=`
# merges: 0 safe, 0 wrapped
FROM alpine:3.20
ENV P=C:\x
RUN touch `
  /first
RUN touch /second
