try() { # one request for what the part lacks; false when not all of it came
	[ "$held" -gt 0 ] || echo >"$part" # the seed
	start=$((from + (held ? held - 1 : 0))) target=$url why='it ended early'
	status='' range='' length='' tag='' code=4
	[ -z "$verbose" ] || echo "rget.sh: bytes $start-$((end - 1)) of $url" >&9
	exec 3<>"$part.log"; ask 2>&3 & child=$!
	exec 4<"$part.log" 3>&-; inspect <&4
	case $status in 2??) accept ;; esac
	wait "$child" || length=${full:+-1}
	echo . >"$part.log"; inspect <&4
	child='' held=$(size "$part")
	[ -z "$full" ] || [ "${length:-$held}" = "$held" ] || { held=0; return 1; }
	[ -z "$full" ] || { total=$held size=$held end=$held held=$((held + 1)); }
	[ "$held" -le "$((end - from + 1))" ] || held=0 code=7 why='too long'
	[ "$held" -eq "$((end - from + 1))" ]
}
