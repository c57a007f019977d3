watch() { # shows how far it is: one live line, or in a log a line now and then
	shown=0 since=0 now=0
	while sleep 1 >/dev/null 2>&1; do
		now=$((now + 1))
		read -r total 2>/dev/null <"$tmp/total" || continue
		got=$(stat -c %b "$tmp/file" "$tmp"/*.part 2>/dev/null | sum)
		percent=$((got < total ? got * 100 / total : 100))
		if [ -t 2 ]; then
			printf '\r%3d%%  %d of %d MiB  %d KiB/s\033[K' "$percent" \
				"$((got >> 20))" "$((total >> 20))" "$(((got >> 10) / now))" >&2
		elif [ "$percent" -ge "$((shown + 10))" ] || [ "$now" -ge "$((since + 10))" ]; then
			shown=$percent since=$now
			echo "rget.sh: $percent% of $total bytes" >&2
		fi
	done
}
