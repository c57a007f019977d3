stop() { # our wget, and the next worker, which stops the one after it
	kill ${child:+"$child"} ${helper:+"$helper"} || :
	exec 6>&-; wait; child='' helper=''
}
