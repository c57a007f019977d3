try() { # one request for what the part lacks; false when not all of it came
	[ "$held" != 0 ] || seed
	span=$((from + (held ? held - 1 : 0)))-$((end - 1)) target=$url
	[ -z "$verbose" ] || say "$span of $url"
	exec 3<>"$part.l"; ask <"$part" 2>&3 & child=$!
	seen='' ended='' status='' after=''
	exec 4<"$part.l" 3>&-; why=truncated code=4; inspect <&4
	wait "$child" && lost='' || lost=-1
	child=''; echo . >"$part.l"; inspect <&4
	had=$held held=$(came)
	[ -n "$seen" ] || { lost=-1; [ "$held" = "$had" ] || held=0; } # not ours
	[ -z "$full" ] || {
		[ "${lost:-${length:-$held}}" = "$held" ] || { held=0; return 1; }
		total=$held size=$held end=$held held=$((held + 1)); }
	[ "$held" -le "$((end - from + 1))" ] || held=0 code=7 why=overlong
	[ "$held" = "$((end - from + 1))" ]
}
