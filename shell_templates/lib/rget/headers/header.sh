header() { # $value, 'Name: value', into $headers
	case $value in
	*[[:cntrl:]]* | [!A-Za-z]* | "${value%%:*}") die 2 '-H: not Name: value' ;;
	esac
	text=$(printf '\r\n.'); headers=$headers${headers:+"${text%.}"}$value
}
