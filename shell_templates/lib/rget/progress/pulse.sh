pulse() { # one a second, while the worker lives
	while kill -s 0 "$helper"; do second; echo tick; done
}
