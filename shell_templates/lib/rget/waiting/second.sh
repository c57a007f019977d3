second() { # waits for one, which TERM cuts short
	trap 'kill "$!"; exit' TERM
	sleep 1 & wait "$!"
}
