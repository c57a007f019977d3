locate() { # wget follows a redirect to $value
	case $value in /*) status=${target#*://} value=${target%%://*}://${status%%[/?]*}$value ;; esac
	case $target:$value in https:*:http:*) [ -n "$trust" ] || die 5 "$target leads to $value: see -k" ;; esac
	target=$value status=''
}
