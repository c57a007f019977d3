pass() { # block n without its seed; beyond it, when it is in its place
	if [ -n "$full" ] || read -r line; then cat
	else dd bs=1 count=0 seek="$size"; fi <"got$n"
}
