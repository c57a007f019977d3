raw() { # becomes nc, which shows our headers to the origin's own host alone
	rm -f "$part".[ht]; mkfifo "$part.h" "$part.t"
	exec 3<>"$part.h"; exec 4<"$part.h"
	trap 'exec 3>&-; kill "$!" "$child"; sleep .1; kill "$!" "$child"
		read -r line <&4; exit' TERM
	path=${url#*://}; host=${path%%[/?]*}; path=${path#"$host"} tls=''
	host=${host##*@} port=80; case $url in https:*) tls=1 port=443 ;; esac
	case $origin/ in "${url%"$path"}"[/?]*) ;; *) headers='' ;; esac
	[ -n "$full" ] || set -- "Range: bytes=$span"
	set -- "Host: $host" 'User-Agent: Wget' ${headers:+"$headers"} "$@"
	printf '%s\r\n' "GET /${path#/} HTTP/1.$((${client:-total} > 0))" "$@" \
		'Connection: close' '' >"$part.a"
	case $host in *:*[!]]) port=${host##*:} ;; esac
	most=$(((end + 511) >> 9))
	[ -n "$place" ] || { exec 6>>"$part"; most=unlimited; }
	export part tls trust most host="${host%":$port"}"
	nc -w "$idle" "$host" "$port" -e sh -c "$HOP" 5>&3 6>&6 & child=$!
	exec 3>&-; guard "$child" & dog=$!
	read -r line <&4 || read -r line <&4 || wait "$child"; code=$?
	kill "$dog"; exit "$code"
}
