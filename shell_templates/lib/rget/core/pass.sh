pass() { # block n, without its seed
	{ [ -n "$full" ] || read -r line; cat; } <"got$n"
}
