die() { # CODE MESSAGE: of workers that die, only the first is heard
	trap '' TERM # which comes as soon as another has ended
	[ -z "$worker" ] || mkdir "$tmp/dead" "$tmp/code$1" 2>/dev/null ||
		exit "$1"
	printf '%s: %s\n' "$ME" "$2" >&2
	[ -z "$worker" ] || kill -s TERM "$$"
	exit "$1"
}
