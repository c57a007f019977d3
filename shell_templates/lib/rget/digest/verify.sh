verify() { # the file has the digest that is expected, if one is
	[ -z "$digest" ] || found=$("$tool" "$tmp/file")
	[ -z "$digest" ] || [ "${found%% *}" = "$digest" ] ||
		die 9 "$origin: expected $digest, got ${found%% *}"
}
