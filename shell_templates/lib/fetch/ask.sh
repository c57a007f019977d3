ask() { # becomes the client that adds bytes $start to $end to $part
	range=bytes=$start-$end
	[ "$count" -gt 1 ] || range='bytes=0-'
	case $client in
	busybox) # takes a range only behind a byte it has (-c), hence the seed
		set -- -q -T 20 "$url"
		[ "$count" -gt 1 ] || exec wget -O - "$@" >>"$part"
		exec wget -c -O "$part" --header "Range: $range" "$@"
		;;
	gnu)
		set -- -nv -T 20 -t 1 --header "Range: $range" "$url"
		exec wget -O - "$@" >>"$part"
		;;
	curl)
		set -- -fsSL --connect-timeout 20 -y 20 -Y 1 -H "Range: $range"
		exec curl "$@" "$url" >>"$part"
		;;
	esac
}
