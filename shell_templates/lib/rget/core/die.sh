die() { # CODE MESSAGE: of several workers that die, the first is heard
	[ -z "$tmp" ] || claim "$tmp/end" "$1" || exit "$1"
	printf 'rget.sh: %s\n' "$2" >&9
	[ -z "$tmp" ] || kill -s ALRM "$$"
	exit "$1"
}
