die() { # CODE MESSAGE: of workers that die, only the first is heard
	if [ -n "$worker" ]; then
		(set -C && echo "$1" >"$tmp/code") 2>/dev/null || exit "$1"
	fi
	printf '%s: %s\n' "$ME" "$2" >&2
	[ -z "$worker" ] || kill -s TERM "$$"
	exit "$1"
}
