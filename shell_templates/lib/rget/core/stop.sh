stop() { # our wget, and the next worker, which stops the one after it
	[ -z "$child" ] || kill "$child" || :
	[ -z "$helper" ] || kill "$helper" || :
	wait
}
