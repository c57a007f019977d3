# shellcheck shell=sh
clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?
	trap '' HUP INT TERM
	for pid in $pids $job; do kill "${pid##*:}" 2>/dev/null || :; done
	wait
	[ -z "$tmp" ] || rm -rf "$tmp"
	exit "$code"
}
