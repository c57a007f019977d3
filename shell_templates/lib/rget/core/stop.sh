stop() { # our wget, and the next worker, which stops the one after it
	[ -z "$child" ] || kill "$child" 2>/dev/null || :
	[ -z "$helper" ] || kill "$helper" 2>/dev/null || :
	wait
}
