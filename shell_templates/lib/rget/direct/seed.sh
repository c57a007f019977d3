seed() { # the byte before the part; else the block's own place in the file
	case $why in 501 | overlong) able=''; truncate -s "$total" file ;; esac
	place=${able:+${n#0}}; : >"$part"; [ -n "$place" ] || echo >"$part"
	[ -z "$place" ] || { exec 6<>file; dd bs=1 count=0 seek="$from" >&6; }
}
