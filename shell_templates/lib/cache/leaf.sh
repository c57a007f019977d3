# shellcheck shell=sh
leaf() { # STAGE: build it for its cache, and because it may be a test
	if [ -n "$staged" ]; then
		build "$1" --tag "$(ref "$1" "$scope")"
		share "$1"
	elif [ "$engine" = classic ]; then
		build "$1"
	else
		build "$1" --output type=cacheonly
	fi
}
