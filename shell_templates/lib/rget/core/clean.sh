clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?; trap '' HUP INT TERM; kill ${!:+"$!"} || :; stop
	[ -z "$tmp" ] || rm -rf "$tmp"; exit "$code"
}
