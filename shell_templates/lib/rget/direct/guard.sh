guard() { # PID: ended, when the part has not grown for $idle seconds
	was='' n=0; trap 'kill "$!"; wait; exit' TERM
	until [ "$((n += 1))" -gt "$idle" ]; do
		sleep 1 & wait "$!"
		[ "$(size "$part")" = "$was" ] || was=$(size "$part") n=0
	done
	kill "$1"; echo 'wget: stalled' >&2
}
