machine() { # prints what apk calls this machine; a kernel may be of another
	apk --print-arch 2>/dev/null && return
	case $(uname -m) in
	i?86) echo x86 ;;
	armv6*) echo armhf ;;
	armv[78]*) echo armv7 ;;
	*) uname -m ;;
	esac
}
