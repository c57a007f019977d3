choose() { # the client: busybox as we know it, or a function that stands for it
	case $(wget --version 2>&1) in
	'GNU Wget'*) client=by_gnu ;;
	*'BusyBox v1.2'[0-6].*) client=old_one ;;
	*BusyBox*) client=busybox ;;
	*) client=by_curl ;;
	esac
	case ${headers:+$client} in by_*) die 2 '-H wants busybox' ;; esac
}
