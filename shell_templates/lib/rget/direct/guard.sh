guard() { # PID: ended, when the part has not grown for $idle seconds
	was='' n=0; while kill -s 0 "$1" && [ "$((n += 1))" -le "$idle" ]; do
		second; [ "$(came)" = "$was" ] || was=$(came) n=0
	done
	kill "$1" && echo 'wget: stalled' >&2
}
