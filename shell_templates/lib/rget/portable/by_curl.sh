by_curl() { # becomes curl, which appends likewise
	set -- ${trust:+-k} -fsSLD /dev/stderr --connect-timeout "$idle" \
		-y "$idle" "$url"
	[ -n "$full" ] || set -- -r "$span" "$@"
	exec curl "$@" >>"$part"
}
