address() { # $OPTARG, as a server can be asked for it, into $url
	case $OPTARG in
	*[[:cntrl:]]*) die 2 '-u: bad byte' ;;
	http://[!/]* | https://[!/]*) url=${OPTARG%%#*} ;;
	*) die 2 "-u $OPTARG: not http(s)://" ;;
	esac
	while [ "$url" != "${url#* }" ]; do url=${url%% *}%20${url#* }; done
}
