number() { # MIN MAX: $OPTARG is one of these
	case $OPTARG in '' | *[!0-9]* | ??????*) set -- 1 0 ;; esac
	[ "$OPTARG" -ge "$1" ] 2>/dev/null && [ "$OPTARG" -le "$2" ] ||
		die 2 "-$option $OPTARG: no such number"
}
