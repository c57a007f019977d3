expect() { # $OPTARG, as $digest and the $tool that makes it
	digest=$(printf %s "${OPTARG#sha???:}" | tr A-F a-f) trust=1
	case ${#digest}:$OPTARG in
	64:sha256:* | 64:[!s]*) tool=sha256sum ;;
	128:sha512:* | 128:[!s]*) tool=sha512sum ;;
	*) digest=- ;;
	esac
	case $digest in *[!0-9a-f]*) die 2 "-s $OPTARG: not sha256:HEX or sha512:HEX" ;; esac
}
