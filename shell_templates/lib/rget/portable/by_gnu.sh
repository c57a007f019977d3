by_gnu() { # becomes GNU wget, which refuses a range behind a seed: it appends
	[ -n "$full" ] ||
		set -- --start-pos="${span%-*}" --header "Range: bytes=$span" "$@"
	exec wget -nv -St1 -O - "$@" >>"$part"
}
