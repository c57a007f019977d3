# shellcheck shell=sh
image() { # STAGE: build it under its name, and push that
	set -- "$1" --tag "$IMAGE:$(tag "$1")"
	[ -z "$staged" ] || set -- "$@" --tag "$(ref "$1" "$scope")"
	[ "$engine:$PUSH" != builder:no ] || set -- "$@" --load
	[ "$engine" != builder ] || [ "$PUSH" = no ] || set -- "$@" --push
	build "$@"
	[ -z "$staged" ] || share "$1"
	[ "$engine" = builder ] || [ "$PUSH" = no ] ||
		run docker push -q "$3"
}
