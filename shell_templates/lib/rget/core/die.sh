die() { trap '' TERM # CODE MESSAGE: of workers that die, the first is heard
	[ -z "$tmp" ] || [ "$worker" -eq 0 ] || claim "$tmp/end" || exit "$1"
	printf 'rget.sh: %s\n' "$2" >&9
	[ -z "$tmp" ] || { : >"$tmp/code$1" && kill -s ALRM "$$"; }
	exit "$1"
}
