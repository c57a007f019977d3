stop() { # [PAUSE]: our wget, the next worker, which stops its, what came last
	for text in ${1-} ''; do # twice: who is just being forked misses signals
		# shellcheck disable=SC2086 # numbers, or nothing
		[ "${!:-0}" = 0 ] || kill $child $helper "$!" || :
		[ -z "$text" ] || sleep "$text"
	done
	exec 6>&-; wait; child='' helper=''
}
