by_old() { # busybox 1.26 shows no headers, and stops early without a word; at
	# the end it says 100%, but not of an empty file, which has no first byte
	trap 'kill "$!"; exit 143' TERM
	[ "$held" -gt 1 ] || : >"$part"
	was=-1 size=0 end=''
	while [ "$size" -gt "$was" ] && [ -z "$end" ]; do
		was=$size
		wget -c -T "$idle" -O "$part" "$url" 2>"$part.err" &
		wait "$!" || break
		size=$(stat -c %s "$part")
		case $size:$(cat "$part.err") in *100%*) end=1 ;; 0:*) end=0 ;; esac
	done
	if [ "$end" = 0 ]; then
		echo >"$part"
		wget -qcO "$part" --header 'Range: bytes=0-0' "$url" 2>/dev/null || :
		[ "$(stat -c %s "$part")" -le 1 ] || end=''
		: >"$part"
	fi
	sed -n 's/.*returned error: //p' "$part.err" >&2
	if [ -n "$end" ]; then printf 'HTTP/1.0 200 OK\n\n' >&2; exit; fi
	grep '[a-z]: ' "$part.err" >&2
	exit 1
}
