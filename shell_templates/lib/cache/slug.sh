# shellcheck shell=sh
slug() { # TEXT: as the tag of an image may hold it
	printf %s "$1" | tr -c 'A-Za-z0-9_.-' '[-*]' | cut -c 1-60
}
