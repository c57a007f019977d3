private() { # asks the API without following: its token is for nobody else
	token=$(cat "/run/secrets/$secret" 2>/dev/null) ||
		token=$(printenv "$(echo "$secret" | tr '[:lower:]' '[:upper:]')") ||
		{ echo "error: 401: no /run/secrets/$secret" >&2 && exit 6; }
	case $client in
	busybox) ;;
	curl)
		printf 'header = "Authorization: Bearer %s"\n' "$token" |
			curl -K - -fsSL -y 20 -Y 1 -H "Range: $range" \
				-H 'Accept: application/octet-stream' "$url" >>"$part"
		exit
		;;
	*) echo 'error: 401: a private asset needs curl here' >&2 && exit 6 ;;
	esac
	address=${url#https://} crlf=$(printf '\r\n.') answer=$part.answer
	host=${address%%/*} crlf=${crlf%.}
	port=${host##*:}
	[ "$port" != "$host" ] || port=443
	request="GET /${address#*/} HTTP/1.0${crlf}Host: $host$crlf"
	request="${request}User-Agent: emit${crlf}Range: $range$crlf"
	request="${request}Accept: application/octet-stream$crlf"
	request="${request}Authorization: Bearer $token$crlf$crlf" host=${host%:*}
	export request host answer
	nc -w 20 "$host" "$port" -e sh -c "$HOP"
	hear <"$answer"
	rm "$answer"
}
