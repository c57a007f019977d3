# shellcheck shell=sh
together() { # WHAT STAGE...: at the same time; logs in order, no failure lost
	what=$1
	shift
	if [ "$#" = 1 ]; then
		"$what" "$1"
		return
	fi
	pids='' failed=''
	for each in "$@"; do
		{
			trap 'kill "$job" 2>/dev/null; exit 143' TERM
			"$what" "$each"
		} >"$tmp/$each.log" 2>&1 &
		pids="$pids $each:$!"
	done
	for pid in $pids; do
		wait "${pid##*:}" || failed="$failed ${pid%:*}"
		cat "$tmp/${pid%:*}.log" >&2
	done
	pids=''
	[ -z "$failed" ] || die 1 "failed:$failed"
}
