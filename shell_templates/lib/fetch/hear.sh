hear() { # what the API answers: the asset itself, or where it is, into $url
	read -r _ status _ || exit 1
	while IFS= read -r line && line=${line%?} && [ -n "$line" ]; do
		case $line in
		[Ll]ocation:\ /*) url=https://${address%%/*}${line#*: } ;;
		[Ll]ocation:\ *) url=${line#*: } ;;
		esac
	done
	case $status in
	2*) cat >>"$part" && rm "$answer" && exit ;;
	3*) ;;
	*) echo "error: HTTP $status" >&2 && exit 1 ;;
	esac
}
