# shellcheck shell=sh
die() { # CODE MESSAGE
	say "$2"
	exit "$1"
}
