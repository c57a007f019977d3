guard() { # PID: ended, when the part has not grown for $idle seconds
	was='' n=0; trap 'kill "$!"; exit' HUP TERM
	until [ "$((n += 1))" -gt "$idle" ]; do
		sleep 1 & wait "$!"
		[ "$(stat -c %s "$part")" = "$was" ] || was=$(stat -c %s "$part") n=0
	done
	kill "$1"; echo 'wget: timed out' >&2
}
