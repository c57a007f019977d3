hire() { # starts the next worker, which starts the one after it
	[ "$worker" -ge "$process" ] || [ "$worker" -ge "$blocks" ] ||
		{ work "$((worker + 1))" & helper=$!; }
}
