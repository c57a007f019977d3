lacking() { # is the part not yet its block, to $end, and the seed?
	end=$((from + size)); [ "$total" -eq 0 ] || [ "$end" -lt "$total" ] || end=$total
	[ "$held" -ne "$((end - from + 1))" ]
}
