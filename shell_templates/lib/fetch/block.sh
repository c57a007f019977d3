block() { # N SHA256: asks for a block until it is what it should be
	from=$(($1 * block)) to=$(($1 * block + block - 1))
	deadline='' pause=1 bad=0
	[ "$to" -lt "$size" ] || to=$((size - 1))
	part=${cache:-$tmp}/$2.$1 log=$tmp/$1.log
	until verified "$2"; do
		[ ! -e "$log" ] || again "$1" "$2"
		held=$(stat -c %s "$part" 2>/dev/null || echo 0)
		if [ "$count" -eq 1 ] || [ "$held" -eq 0 ] ||
			[ "$held" -gt "$((to - from + 1))" ]; then
			echo >"$part"
			held=1
		fi
		start=$((from + held - 1)) end=$to
		ask 2>"$log" & child=$!
		wait "$child" || :
		child=''
	done
	{ read -r _ && dd bs=65536 seek="$((from / 65536))" conv=notrunc \
		of="$tmp/file"; } <"$part" 2>/dev/null || die 3 "cannot write $dest"
	[ -n "$cache" ] || rm -f "$part"
}
