by_gnu() { # becomes GNU wget, which refuses a range behind a seed: it appends
	set -- -nv -S -t 1 -T "$idle" -O - "$url"
	if [ -n "$whole" ]; then : >"$part"; else
		set -- --header "Range: bytes=$start-$((end - 1))" "$@"
	fi
	[ -z "$trust" ] || set -- --no-check-certificate "$@"
	exec wget "$@" >>"$part"
}
