die() { # CODE MESSAGE: a worker's word goes to main, which is 0
	[ "$worker" = 0 ] || { printf '%s\n' "end $1 $2" >&8; exit; }
	say "$2"; exit "$1"
}
