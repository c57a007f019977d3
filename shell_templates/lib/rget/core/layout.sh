layout() { # the blocks, all of one size but the last
	size=$(((total / process / cut + 511) / 512 * 512))
	size=$((block ? block : size < FIRST ? FIRST : size > MOST ? MOST : size))
	blocks=$(((total + size - 1) / size))
	[ -n "$sink" ] || [ "$total" -le "$FIRST" ] ||
		[ "$((free = $(stat -fc '%S/512*%a/2' .)))" -ge "$((total >> 10))" ] ||
		die 3 "$out: $free KiB free"
	echo "plan $total $blocks $size" >&8
}
