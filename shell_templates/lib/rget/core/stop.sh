stop() { # what we started last, our wget, and the next worker, which stops its
	# shellcheck disable=SC2086 # numbers, or nothing
	[ "${!:-0}" = 0 ] || kill $child $helper "$!" || :
	exec 6>&-; wait; child='' helper=''
}
