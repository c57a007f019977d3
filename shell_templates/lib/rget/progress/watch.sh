watch() { # shows how far it is: one live line, or in a log a line now and then
	shown=0 now=0; trap 'kill "$!"; exit' HUP TERM
	while sleep 1 & wait "$!"; do
		read -r total <"$tmp/total" || continue
		now=$((now + 1)) got=$(du -sk "$tmp"); got=${got%%[!0-9]*}
		percent=$((got < total >> 10 ? got * 102400 / total : 100))
		if [ -t 9 ]; then
			printf '%d%% of %d MiB, %d KiB/s\033[K\r' \
				"$percent" "$((total >> 20))" "$((got / now))" >&9
		elif [ "$percent" -ge "$((shown + 10))" ]; then
			shown=$percent; echo "rget.sh: $percent% of $total bytes" >&9
		fi
	done
}
