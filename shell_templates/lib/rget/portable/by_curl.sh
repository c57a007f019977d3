by_curl() { # becomes curl, which appends likewise
	set -- ${trust:+-k} -fsSLD /dev/fd/2 --connect-timeout "$idle" \
		-y "$idle" "$url"
	[ -n "$full" ] || set -- -r "$span" "$@"
	exec curl "$@" >>"$part"
}
