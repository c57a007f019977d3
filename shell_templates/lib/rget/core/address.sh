address() { # $OPTARG, as a server can be asked for it, into $origin
	case $OPTARG in
	*[[:cntrl:]]*) die 2 '-u: a URL has no control characters: write %0A' ;;
	http://[!/]* | https://[!/]*) origin=${OPTARG%%#*} ;;
	*) die 2 "-u '$OPTARG': a URL starts with http:// or https://" ;;
	esac
	while [ "${origin#* }" != "$origin" ]; do origin=${origin%% *}%20${origin#* }; done
}
