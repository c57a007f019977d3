verify() { # the file has the digest that is expected
	found=$("${tool}sum" "$tmp/file"); found=${found%% *}
	[ "$found" = "$digest" ] || die 9 "$origin: expected $digest, got $found"
}
