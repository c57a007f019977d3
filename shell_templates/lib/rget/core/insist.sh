insist() { # on one file: a transfer that met two starts over, once
	transfer ||
		{ [ "$code$sink" = 7 ] && any=$total && stop .1 && transfer; } ||
		die "$code" "$why" # a login page, without ranges, has another size
}
