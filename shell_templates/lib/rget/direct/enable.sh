enable() { # may nc fetch the blocks, straight to their places in the file?
	text=${http_proxy:+@}${sink:+@}${digest:+@}${mirrors-}$origin$url
	case $text$(nc -h 2>&1; command -v ssl_client)$((size & 511)) in
	*@*) ;; *-e\ PROG*ssl_client0) able=1 ;;
	esac
}
