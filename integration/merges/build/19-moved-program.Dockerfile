# merges: 1 safe, 2 wrapped
# a shell remembers where it found a program
FROM alpine:3.20
RUN printf '#!/bin/sh\necho old\n' >/usr/bin/tool && chmod 755 /usr/bin/tool
RUN tool >/first && sed s/old/new/ /usr/bin/tool >/usr/local/bin/tool && chmod 755 /usr/local/bin/tool
RUN tool >/second
