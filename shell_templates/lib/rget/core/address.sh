address() { # $value, as a server can be asked for it, into $url
	case $value in
	*[[:cntrl:]]*) die 2 '-u: bad byte' ;;
	http://[!/-]* | https://[!/-]*) url=${value%%#*} ;;
	*) die 2 "-u $value: not http(s)://" ;;
	esac
	while [ "$url" != "${url#* }" ]; do url=${url%% *}%20${url#* }; done
}
