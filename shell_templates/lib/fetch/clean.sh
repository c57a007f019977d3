clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?
	trap '' HUP INT TERM
	for pid in $pids; do kill "$pid" 2>/dev/null || :; done
	wait
	if [ -n "$tmp" ]; then
		for file in "$tmp"/code*; do
			[ ! -d "$file" ] || code=${file##*code}
		done
		# what is just ending may write once more
		rm -rf "$tmp" 2>/dev/null || { sleep 1 && rm -rf "$tmp"; }
	fi
	exit "$code"
}
