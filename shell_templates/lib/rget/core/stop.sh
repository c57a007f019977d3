stop() { # what we started last, our wget, and the next worker, which stops its
	[ "${!:-0}" = 0 ] || kill ${child:+"$child"} ${helper:+"$helper"} "$!" || :
	exec 6>&-; wait; child='' helper=''
}
