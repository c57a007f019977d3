summary() { # the last line
	[ -z "$quiet" ] || return 0
	size=$(stat -c %s "$tmp/file") took=$(($(date +%s) - began))
	[ ! -t 2 ] || printf '\r\033[K' >&2
	echo "rget.sh: $size bytes, $took s, $(((size >> 10) / (took ? took : 1))) KiB/s, $verified" >&2
}
