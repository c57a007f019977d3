die() { # CODE MESSAGE: a worker's word goes to main, which is 0
	[ "$worker" = 0 ] || { printf '%s\n' "end $1 $2" >&8; exit; }
	printf '%s\n' "${clear}rget.sh: $2" >&9; exit "$1"
}
