raw() { # becomes nc, which shows our headers to the origin's own host alone
	rm -f "$part".[ht]; mkfifo "$part.h" "$part.t"
	exec 3<>"$part.h" 4<"$part.h"
	trap 'exec 3>&-; kill "$!" "$child"; sleep .1; kill "$!" "$child"
		read -r line <&4; exit' TERM
	path=${url#*://}; host=${path%%[/?]*}; path=${path#"$host"} tls=''
	host=${host##*@} port=80; case $url in https:*) tls=1 port=443 ;; esac
	ask="GET /${path#/} HTTP/1.$((total > 0))${crlf}Host: $host$crlf"
	ask="${ask}User-Agent: Wget${crlf}Connection: close$crlf"
	[ -n "$full" ] || ask="${ask}Range: bytes=$span$crlf"
	case $origin/ in "${url%"$path"}"[/?]*) ask=$ask$headers ;; esac
	case $host in *:*[!]]) port=${host##*:} ;; esac
	printf %s "$ask$crlf" >"$part.a"
	most=$(((end + 511) >> 9)); [ -n "$place" ] ||
		{ exec 6>>"$part"; most=unlimited; }
	export part tls trust most host="${host%":$port"}"
	nc -w "$idle" "$host" "$port" -e sh -c "$HOP" 5>&3 & child=$!
	exec 3>&-; guard "$child" & dog=$!
	read -r line <&4 || read -r line <&4 || wait "$child"; code=$?
	kill "$dog"; exit "$code"
}
