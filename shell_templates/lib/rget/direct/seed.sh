seed() { # the byte before the part; else the block's own place in the file
	case ${place:+.}$status:$why in # what nc failed with, wget is to try
	.:* | .401:* | *:501 | *:over*) able=''; truncate -s "$total" file ;;
	esac
	place=${able:+${n#0}}
	if [ -z "$place" ]; then echo >"$part"
	else : >"$part"; exec 6<>file; dd bs=1 count=0 seek="$from" >&6 || exit; fi
}
