work() { # takes one block after another, until none is left
	worker=1 child='' n=0
	trap '[ -z "$child" ] || reap "$child"; exit 143' TERM
	for sum in $blocks; do
		[ ! -e "$tmp/whole" ] || return 0
		if mkdir "$tmp/$n" 2>/dev/null; then
			block "$n" "$sum"
			[ "$count" -eq 1 ] || say "$name: block $((n + 1)) of $count"
		fi
		n=$((n + 1))
	done
}
