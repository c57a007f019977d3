take() { # the next block that nobody has, when the reader is not far behind
	[ -z "$sink" ] || read -r line <&7
	until [ "$((n += 1))" -ge "$blocks" ] || (set -C; : >"$n"); do :; done
	[ "$n" -lt "$blocks" ]
}
