by_gnu() { # becomes GNU wget, which refuses a range behind a seed: it appends
	set -- -nv -St1 -T "$idle" "$url"
	[ -z "$trust" ] || set -- --no-check-certificate "$@"
	[ -z "$full" ] || exec wget -O "$part" "$@"
	set -- --start-pos="$start" --header "Range: bytes=$start-$((end - 1))" "$@"
	exec wget -O - "$@" >>"$part"
}
