locate() { # wget follows a redirect to $text
	host=${target#*://} status=0
	case $text in /*) text=${target%%://*}://${host%%[/?]*}$text ;; esac
	line="$target -> $text"
	case $trust$target:$text in
	https:*:http:*) die 5 "$line: see -k" ;;
	*:http*://[!-]*) target=$text ;;
	*) die 8 "$line" ;;
	esac
}
