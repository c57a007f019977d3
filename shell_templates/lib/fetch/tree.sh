tree() ( # unpacks $members, one a line, all if there is none, into $dest
	mkdir "$tmp/tree"
	IFS='
' what=$members
	set -f
	# shellcheck disable=SC2086 # split at line ends
	set -- $what
	if [ "$how" = zip ]; then
		unzip -q "$tmp/file" "$@" -d "$tmp/tree" || return
	else
		tar -xof "$tmp/file" -C "$tmp/tree" "$@" || return
	fi
	set +f
	# shellcheck disable=SC2086 # a pattern: as many folders as are dropped
	cp -RPf "$tmp"/tree$strip/. "$dest"
)
