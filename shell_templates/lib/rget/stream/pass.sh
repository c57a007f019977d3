pass() { # block n, without its seed; ends when its reader has gone
	{ [ -n "$full" ] || read -r line; cat; } <"got$n" ||
		{ [ "$?" -lt 128 ] || exit 141; false; }
}
