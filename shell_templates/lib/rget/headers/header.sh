header() { # $OPTARG, 'Name: value', into $headers
	case $OPTARG in
	*[[:cntrl:]]* | [!A-Za-z]* | "${OPTARG%%:*}") die 2 '-H: not Name: value' ;;
	esac
	headers=$headers$OPTARG$crlf
}
