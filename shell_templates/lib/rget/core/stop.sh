stop() { # [PAUSE]: our wget, the next worker, which stops its, what came last
	for text in $* ''; do # twice: a shell that is just forked misses signals
		# shellcheck disable=SC2086 # numbers, or nothing
		[ "${!:-0}" = 0 ] || kill $child $helper "$!" || :
		[ -z "$text" ] || sleep "$text"
	done
	exec 6>&-; wait; child='' helper=''
}
