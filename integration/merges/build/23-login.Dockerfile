# merges: 0 safe, 1 wrapped
# each shell reads its start-up files
FROM alpine:3.20
SHELL ["/bin/sh", "-lc"]
RUN echo "export WHO=profile" >/etc/profile.d/who.sh
RUN echo "${WHO-nobody}" >/second
