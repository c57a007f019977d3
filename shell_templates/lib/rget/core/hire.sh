hire() { # starts the next worker, which starts the one after it
	[ "$worker" -lt "$process" ] && [ "$worker" -lt "$blocks" ] || return 0
	work "$((worker + 1))" & helper=$!
}
