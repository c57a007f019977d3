watch() { # shows how far it is: one live line, or in a log a line now and then
	shown=0 now=0
	while sleep 1 >/dev/null 2>&1; do
		read -r total 2>/dev/null <"$tmp/total" || continue
		now=$((now + 1)) got=$(du -sk "$tmp"); got=${got%%[!0-9]*}
		percent=$((got < total >> 10 ? got * 102400 / total : 100))
		if [ -t 2 ]; then
			printf '\r%3d%%  %d of %d MiB  %d KiB/s\033[K' "$percent" \
				"$((got >> 10))" "$((total >> 20))" "$((got / now))" >&2
		elif [ "$percent" -ge "$((shown + 10))" ]; then
			shown=$percent; echo "rget.sh: $percent% of $total bytes" >&2
		fi
	done
}
