show() { # on a terminal one live line; in a log, one at each 10 per cent
	seconds=$((seconds + 1)) got=$(du -sk .); got=${got%%[!0-9]*}
	[ -z "$sink" ] || got=$((got + n * (size >> 10)))
	all=$((total >> 10)); got=$((got < all ? got : all))
	percent=$((got * 100 / (all + 1))) rate=$((got / seconds + 1))
	after=$(((all - got) / rate))
	text="$((got >> 10)) MiB, $percent%, $rate KiB/s, $after s left"
	if [ -n "$clear" ]; then
		printf "[%-10.$((percent / 10))s] %s\r" "##########" "$text$clear" >&9
	elif [ "$percent" -ge "$((shown + 10))" ]; then
		shown=$percent; say "$text"
	fi
}
