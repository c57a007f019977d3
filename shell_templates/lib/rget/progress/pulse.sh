pulse() { # one a second, while the worker lives
	trap 'kill "$!"; wait; exit' TERM
	while kill -s 0 "$helper"; do sleep 1 & wait "$!"; echo tick; done
}
