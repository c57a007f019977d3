# shellcheck shell=sh
by_inline() { # in the images themselves, one for each stage
	# shellcheck disable=SC2086 # names have no blanks
	for each in $(from $STAGES); do
		set -- "$@" --cache-from "$each"
	done
	run_build "$@" --cache-to type=inline
}
