insist() { # on one file: a transfer that met two starts over, once
	transfer || { [ "$code$sink" = 7 ] && transfer; } || die "$code" "$why"
}
