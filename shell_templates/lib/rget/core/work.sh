work() { # NUMBER: takes one block after another, until none is left
	worker=$1 n=0 child='' helper='' part=$tmp/$1.part
	trap stop EXIT; trap 'exit 143' HUP TERM
	mkfifo "$part.log"; [ "$total" -eq 0 ] || hire
	while [ "$n" -lt "$blocks" ]; do
		if claim "$tmp/$n"; then
			from=$((n * size)) held=0 full='' deadline='' pause=1
			while
				end=$((total && from + size > total ? total : from + size))
				[ "$held" -ne "$((end - from + 1))" ]
			do try || again; done
			place
		fi
		n=$((n + 1))
	done
	[ -z "$helper" ] || wait "$helper" || exit 3
}
