die() { # CODE MESSAGE: of workers that die, only the first is heard
	trap '' TERM # which comes as soon as another has ended
	if [ -n "$worker" ]; then
		mkdir "$tmp/dead" 2>/dev/null || exit "$1"
		mkdir "$tmp/code$1" # by itself: of two, another might make the second
	fi
	printf '%s: %s\n' "$ME" "$2" >&2
	[ -z "$worker" ] || kill -s TERM "$$"
	exit "$1"
}
