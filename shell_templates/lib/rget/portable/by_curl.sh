by_curl() { # becomes curl, which appends likewise
	set -- -sSL -D /dev/stderr -y "$idle" -Y 1 --connect-timeout "$idle" "$url"
	[ -z "$trust" ] || set -- -k "$@"
	[ -z "$full" ] || exec curl --output "$part" "$@"
	exec curl -r "$start-$((end - 1))" "$@" >>"$part"
}
