again() { # N SHA256: that was not it; waits for the next try, or gives up
	words=$(cat "$log") why=$(tail -n 1 "$log")
	held=$(($(stat -c %s "$part") - 1))
	case $words in
	*[Ee][Rr]*\ 408* | *[Ee][Rr]*\ 425* | *[Ee][Rr]*\ 429*) ;;
	*[Ee][Rr]*\ 401*) die 6 "$url: ${why#*: }" ;;
	*[Ee][Rr]*\ 4[0-9][0-9]*) die 8 "$url: ${why#*: }" ;;
	*ertificate*) die 5 "$url is not verified; apk add ca-certificates?" ;;
	*'No space left'* | *'write error'*) die 3 "the disk of $dest is full" ;;
	esac
	if [ "$held" -gt "$((to - from + 1))" ] && [ "$count" -gt 1 ]; then
		: >"$tmp/whole"
		exit 0
	fi
	if [ "$held" -ge "$((to - from + 1))" ]; then
		bad=$((bad + 1)) why="block $1 is not the one with the sha256 $2"
		[ "$bad" -lt 3 ] || die 9 "$url: $why: uploaded again?"
	fi
	now=$(date +%s) deadline=${deadline:-$(($(date +%s) + limit))}
	[ "$now" -lt "$deadline" ] ||
		die 4 "$url: ${why:-it ended early}, for $limit s (-t)"
	sleep "$pause" & child=$!
	wait "$child" || :
	child='' pause=$((pause < 32 ? pause * 2 : 60))
}
