# shellcheck shell=sh
run() { # COMMAND...: says it, and does it unless -n was given
	printf '+ %s\n' "$*" >&2
	[ -z "$dry" ] || return 0
	"$@" &
	job=$! status=0
	wait "$job" || status=$?
	job=''
	return "$status"
}
