# shellcheck shell=sh
pull() { # STAGE: its image, which is its cache
	for each in $(from "$1"); do
		run docker pull -q "$each" && return
	done
	say "there is no cache of $1"
}
