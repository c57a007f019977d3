# merges: 0 safe, 1 wrapped
# the second is run by the new shell
FROM alpine:3.20
RUN printf '#!/bin/busybox sh\necho new >/by\nexec /bin/busybox sh "$@"\n' >/bin/sh.new && chmod 755 /bin/sh.new && mv /bin/sh.new /bin/sh
RUN touch /second
