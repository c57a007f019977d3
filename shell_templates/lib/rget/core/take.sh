take() { # the next block that no other worker has; false when there is none
	until [ "$((n += 1))" -ge "$blocks" ] || (set -C; : >"$n"); do :; done
	[ "$n" -lt "$blocks" ]
}
