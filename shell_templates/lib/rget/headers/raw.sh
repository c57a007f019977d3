raw() { # nc for the origin's own host: wget shows headers to all it is sent to
	own=${origin#*://}; own=${origin%%://*}://${own%%[/?]*}
	for _ in 1 2 3 4 5 6 7 8 9; do
		case $url/ in "$own"/* | "$own"\?*) ;; *) return ;; esac
		host=${own#*://}; host=${host##*@} tls=''; port=${host##*:}
		case $url in https:*) tls=1 ;; esac
		[ "$port" != "$host" ] || port=$((tls ? 443 : 80))
		ask="GET /${url#*://*/} HTTP/1.0${crlf}Host: $host$crlf$headers"
		[ -n "$full" ] || ask="${ask}Range: bytes=$start-$((end - 1))$crlf"
		export ask crlf part tls trust host="${host%:*}"
		nc -w "$idle" "$host" "$port" -e sh -c "$HOP" 5>"$part.hop" & child=$!
		trap 'kill "$child" "$dog"; exit 143' TERM
		guard "$child" & dog=$!
		wait "$child" && code=0 || code=$?
		kill "$dog"; read -r text <"$part.hop" || exit "$code"
		target=$url; locate; url=$target
	done
}
