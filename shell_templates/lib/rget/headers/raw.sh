raw() { # nc in the place of wget, which would send our headers to any host it
	# is redirected to; returns where $url is on another host than the origin
	tries=10 own=${origin#*://}; own=${origin%%://*}://${own%%[/?]*}
	while case $url/ in "$own"/* | "$own"\?*) [ "$((tries -= 1))" -gt 0 ] ;; *) return ;; esac; do
		host=${own#*://}; host=${host##*@}; port=${host##*:} tls=''
		case $url in https:*) tls=1 ;; esac
		[ "$port" != "$host" ] || port=$((tls ? 443 : 80))
		request="GET /${url#*://*/} HTTP/1.0${crlf}Host: $host$crlf$headers"
		[ -n "$whole" ] || request="${request}Range: bytes=$start-$((end - 1))$crlf"
		host=${host%:*}
		export request crlf part tls trust host
		nc -w "$idle" "$host" "$port" -e sh -c "$HOP" 5>"$part.hop" &
		child=$!
		trap 'kill "$child" "$dog"; exit 143' TERM
		guard "$child" & dog=$!
		wait "$child" && code=0 || code=$?
		kill "$dog"
		read -r value <"$part.hop" || exit "$code"
		target=$url; locate; url=$target
	done
	echo 'wget: too many redirects' >&2; exit 1
}
