place() { # the part, without its seed, goes where it belongs in the file
	if [ -n "$full" ]; then mv "$part" "$tmp/file"; return; fi
	{ read -r line && dd bs="$unit" seek="$((from / unit))" conv=notrunc \
		of="$tmp/file"; } <"$part" 2>/dev/null || die 3 "$out: the disk is full"
}
