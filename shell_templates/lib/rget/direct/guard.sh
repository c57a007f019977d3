guard() { # PID: ended, when the part has not grown for $idle seconds
	was='' n=0; until [ "$((n += 1))" -gt "$idle" ]; do
		second; [ "$(size "$part")" = "$was" ] || was=$(size "$part") n=0
	done
	echo 'wget: stalled' >&2; kill "$1"
}
