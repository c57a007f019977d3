# shellcheck shell=sh
slug() { # TEXT: as the tag of an image may hold it
	printf '%s\n' "$1" | LC_ALL=C sed 's/[^A-Za-z0-9_.-]/-/g' | cut -b 1-60
}
