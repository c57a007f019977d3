again() { # a try has failed: waits and goes back to the origin, or gives up
	case $status$full:$url in
	416:*) full=1; return ;;
	408* | 425* | 429* | 5*) code=8 ;;
	401*:"$origin" | 403*:"$origin" | 407*) die 6 "$url: $why" ;;
	[346]*:"$origin") die 8 "$url: $why" ;;
	esac
	now=$(date +%s); deadline=${deadline:-$((now + limit))}
	[ "$now" -lt "$deadline" ] || die "$code" "$url: $why, for $limit s (-t)"
	sleep "$pause" & child=$!; wait "$child" || :
	child=''; home; pause=$((pause < 32 ? pause * 2 : 60))
}
