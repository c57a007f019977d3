clean() { # STATUS: nothing runs on, nothing is left
	trap '' EXIT HUP INT TERM; rm -rf "$tmp" || :
	[ "$1" = 0 ] || stop .1; [ ! -e "$tmp" ] || rm -rf "$tmp"; exit "$1"
}
