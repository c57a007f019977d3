# shellcheck shell=sh
from() { # STAGE...: the refs that a build looks at, one a line
	for each in "$@"; do
		ref "$each" "$scope"
		[ "$scope" = "$fallback" ] || ref "$each" "$fallback"
	done
}
