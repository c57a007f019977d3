guard() { # PID: ended, when the part has not grown for $idle seconds
	was='' quiet=0
	while sleep 1 >/dev/null 2>&1 && [ "$quiet" -lt "$idle" ]; do
		held=$(stat -c %s "$part"); quiet=$((quiet + 1))
		[ "$held" = "$was" ] || was=$held quiet=0
	done
	kill "$1"; echo 'wget: timed out' >&2
}
