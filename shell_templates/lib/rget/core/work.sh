work() { # NUMBER: takes one block after another, until none is left
	worker=$1 n=-1 child='' helper='' status=0 part=$1.part
	trap 'stop; exit' EXIT PIPE; trap 'trap "" EXIT TERM; stop .1; exit' TERM
	mkfifo "$part.l"; [ "$total" = 0 ] || { [ "$sources" = 1 ] || home; hire; }
	while take; do
		from=$((n * size)) held=0 full='' deadline='' pause=1 refused=0
		while end=$((total && from + size > total ? total : from + size))
			[ "$held" != "$((end - from + 1))" ]; do try || again; done
		mv "$part" "got$n$full"; echo "got$full" >&8
	done
	wait
}
