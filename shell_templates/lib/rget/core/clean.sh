clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?; trap '' HUP INT TERM; rm -rf "$tmp" || : # a fork can miss signals
	stop; [ ! -e "$tmp" ] || rm -rf "$tmp"; exit "$code"
}
