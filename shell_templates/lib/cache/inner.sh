# shellcheck shell=sh
inner() { # STAGE...: on their own where the cache is kept stage by stage
	[ -z "$staged" ] || together leaf "$@"
}
