by_curl() { # becomes curl, which appends likewise
	set -- ${trust:+-k} -fsSLD /dev/stderr -y "$idle" -Y 1 "$url"
	set -- --connect-timeout "$idle" "$@"
	[ -z "$full" ] || exec curl --output "$part" "$@"
	exec curl -r "$span" "$@" >>"$part"
}
