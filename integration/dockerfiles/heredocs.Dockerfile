FROM alpine:3.20 AS scripts
COPY <<a.sh <<"b.sh" /scripts/
echo $HOME
a.sh
FROM here AS data
echo "$HOME"
b.sh
RUN <<-EOF
	cat /scripts/*.sh >/all
	EOF

FROM alpine:3.20 AS other
RUN echo other >/other


# escape=`
# the line above is a comment, also where it heads the slice
FROM alpine:3.20 AS app
RUN echo one\
 two >/app
COPY --from=scripts /all /all

FROM alpine:3.20 AS alone
RUN <<EOF cat >/alone
alone
EOF
