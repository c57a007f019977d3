raw() { # becomes nc, which shows our headers to the origin's own host alone
	trap 'kill "$!" "$child"; exit' TERM
	for _ in $(seq 9); do
		text=''; rm -f "$part".[ht]; mkfifo "$part.h" "$part.t"
		path=${url#*://}; host=${path%%[/?]*}; path=${path#"$host"} tls=''
		host=${host##*@}; port=${host##*:}; case $url in https:*) tls=1 ;; esac
		ask="GET /${path#/} HTTP/1.0${crlf}Host: $host$crlf"
		[ -n "$full" ] || ask="${ask}Range: bytes=$span$crlf"
		case $origin/ in "${url%"$path"}"[/?]*) ask=$ask$headers ;; esac
		[ "$port" != "$host" ] || port=$((tls ? 443 : 80))
		printf %s "$ask$crlf" >"$part.a"
		export part tls trust host="${host%:*}"
		nc -w "$idle" "$host" "$port" -e sh -c "$HOP" 5>"$part.h" & child=$!
		guard "$child" & dog=$!
		{ read -r text || read -r text && kill "$child"; wait "$child"; code=$?
			kill "$dog"; } <"$part.h" || :; [ -n "$text" ] || exit "$code"
		target=$url; locate; url=$target
	done
	echo 'wget: redirections' >&2; exit 1
}
