locate() { # wget follows a redirect to $text
	host=${target#*://} status=''
	case $text in /*) text=${target%%://*}://${host%%[/?]*}$text ;; esac
	case $trust$target:$text in
	https:*:http:*) die 5 "$target leads to $text: see -k" ;;
	*:http*://*) target=$text ;;
	*) die 8 "$target leads to $text: cannot follow" ;;
	esac
}
