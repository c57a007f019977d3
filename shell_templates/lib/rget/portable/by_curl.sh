by_curl() { # becomes curl, which appends likewise
	set -- -sSL -D /dev/stderr -y "$idle" -Y 1 --connect-timeout "$idle" "$url"
	if [ -n "$whole" ]; then : >"$part"; else
		set -- -r "$start-$((end - 1))" "$@"
	fi
	[ -z "$trust" ] || set -- -k "$@"
	exec curl "$@" >>"$part"
}
