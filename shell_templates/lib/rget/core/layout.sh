layout() { # blocks of one size; dd seeks in units, which divide it
	[ "$((total))" = "$total" ] || die 7 "$url: no shell counts to $total"
	size=$((total / process / 4)) unit=65536
	size=$((block ? block : size < LARGEST ? size : LARGEST))
	[ "$size" -gt "$FIRST" ] || unit=$((block ? block : FIRST))
	size=$(((size + unit - 1) / unit * unit))
	blocks=$(((total + size - 1) / size))
	free=$(df -Pk "$tmp" | sed -n 's/.* \([0-9][0-9]*\)  *[0-9]*% .*/\1/p')
	[ "${free:-$total}" -ge "$((total >> 10))" ] ||
		die 3 "$out: $total bytes to come, $free KiB free"
}
