show() { # on a terminal one live line; in a log, one at each 10 per cent
	seconds=$((seconds + 1)) got=$(du -sk .); got=${got%%[!0-9]*}
	[ -z "$sink" ] || got=$((got + n * (size >> 10)))
	all=$(((total >> 10) + 2)); got=$((got < all ? got : all - 1))
	percent=$((got * 100 / all)) rate=$((got / seconds + 1))
	text="$percent%, $rate KiB/s, $(((all - got) / rate)) s left"
	text="$((got >> 10)) MiB, $text"
	[ -z "$clear" ] || printf "[%-10.$((percent / 10))s] %s\r" "##########" \
		"$text$clear" >&9
	[ -n "$clear" ] || [ "$percent" -lt "$((shown + 10))" ] ||
		{ shown=$percent; say "$text"; }
}
