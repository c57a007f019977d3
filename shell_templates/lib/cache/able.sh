# shellcheck shell=sh
able() { # whether the classic builder can build this, and take it from a cache
	[ -z "$BUILDKIT" ] ||
		die 2 "$BUILDKIT needs BuildKit, which docker has by its plugin buildx"
	[ -n "$METADATA" ] && [ "$(store)" = containerd ] || return 0
	say "containerd's store: a cached $METADATA breaks the classic builder"
	case $how in
	auto) how=none ;;
	local | push-pull) die 2 "CACHE=$how: take none, or get buildx" ;;
	esac
}
