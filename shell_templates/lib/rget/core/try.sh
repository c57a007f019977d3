try() { # one request for what the part lacks; false when not all of it came
	[ "$held" -gt 0 ] || echo >"$part" # the seed
	span=$((from + (held ? held - 1 : 0)))-$((end - 1)) target=$url
	[ -z "$verbose" ] || echo "rget.sh: $span of $url" >&9
	exec 3<>"$part.l"; ask 2>&3 & child=$!
	status='' range='' length='' tag='' after='' why=truncated code=4
	exec 4<"$part.l" 3>&-; inspect <&4
	case $status in 2??) accept ;; esac
	wait "$child" || length=${full:+-1}
	echo . >"$part.l"; inspect <&4
	child='' held=$(size "$part")
	[ -z "$full" ] || {
		[ "${length:-$held}" = "$held" ] || { held=0; return 1; }
		total=$held size=$held end=$held held=$((held + 1)); }
	[ "$held" -le "$((end - from + 1))" ] || held=0 code=7 why='too long'
	[ "$held" -eq "$((end - from + 1))" ]
}
