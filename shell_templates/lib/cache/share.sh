# shellcheck shell=sh
share() { # STAGE: push its image, which is its cache
	[ "$PUSH" != no ] && [ "$how" != load ] || return 0
	run docker push -q "$(ref "$1" "$scope")" ||
		say "cannot push the cache of $1: the next run builds it again"
}
