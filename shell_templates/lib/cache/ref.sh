# shellcheck shell=sh
ref() { # STAGE SCOPE: where the cache of a stage is kept
	printf '%s:cache-%s-%s\n' "$IMAGE" "$1" "$2"
}
