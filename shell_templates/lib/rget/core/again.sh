again() { # a try has failed: waits and goes back to a source, or gives up
	case $status:$total$full:$url in
	416:0:*) full=1; return ;;
	408* | 42[59]* | 5*) code=8 ;;
	40[13]*:"$origin" | 407*) refuse 6 "$url: $why" ;;
	[346]*:"$origin") refuse 8 "$url: $why" ;;
	esac
	now=$(date +%s); deadline=${deadline:-$((now + limit))}
	[ "$now" -lt "$deadline" ] || die "$code" "$url: $why, for $limit s"
	case $after in '' | 0* | *[!0-9]* | ?????*) after=$pause ;; esac
	sleep "$((after < limit ? after : limit))" & child=$!; wait "$child" || :
	child=''; home; pause=$((pause < 32 ? pause * 2 : 60))
}
