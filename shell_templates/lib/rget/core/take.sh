take() { # the next block that no other worker has; false when there is none
	set -C; until [ "$((n += 1))" -ge "$blocks" ] || true >"$n"; do :; done
	set +C
	[ "$n" -lt "$blocks" ]
}
