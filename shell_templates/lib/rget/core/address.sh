address() { # $OPTARG, as a server can be asked for it, into $url
	case $OPTARG in
	*[[:cntrl:]]*) die 2 '-u: a control character: write %0A' ;;
	http://[!/]* | https://[!/]*) url=${OPTARG%%#*} ;;
	*) die 2 "-u '$OPTARG': not http:// or https://" ;;
	esac
	while [ "$url" != "${url#* }" ]; do url=${url%% *}%20${url#* }; done
}
