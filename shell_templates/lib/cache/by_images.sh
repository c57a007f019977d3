# shellcheck shell=sh
by_images() { # images of all stages, which are here: pulled, loaded or built
	# shellcheck disable=SC2086 # names have no blanks
	for each in $(from $STAGES); do
		! docker image inspect "$each" >/dev/null 2>&1 ||
			set -- "$@" --cache-from "$each"
	done
	[ "$engine" = classic ] || set -- "$@" --cache-to type=inline
	run_build "$@"
}
