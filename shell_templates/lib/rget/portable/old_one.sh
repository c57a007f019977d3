old_one() { # busybox 1.26: stops early without a word; only 100% is the end
	trap 'kill "$!"; exit 143' TERM
	last='' size=0 was=-1; [ "$held" -gt 1 ] || : >"$part"
	while [ "$size" -gt "$was" ] && [ -z "$last" ]; do
		was=$size
		wget -c -T "$idle" -O "$part" "$url" 2>"$part.err" &
		wait "$!" && code=0 || code=1
		size=$(size "$part")
		case $code$size:$(cat "$part.err") in
		0*100%* | 1[1-9]*' 416 '*) last=1 ;;
		00:*) # nothing came: is there truly no first byte?
			echo >"$part"
			set -- --header Range:bytes=0-0 "$url"
			wget -qcO "$part" "$@" 2>/dev/null || :
			[ "$(size "$part")" -gt 1 ] || last=1
			: >"$part" ;;
		esac
	done
	sed -n 's/.*returned error: //p' "$part.err" >&2
	[ -z "$last" ] || { printf 'HTTP/1 200\n\n' >&2; exit; }
	grep '[a-z]: ' "$part.err" >&2
	exit 1
}
