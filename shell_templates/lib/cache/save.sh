# shellcheck shell=sh
save() { # the images of all stages, for recall
	[ "$how" = load ] || return 0
	set --
	for each in $STAGES; do
		set -- "$@" "$(ref "$each" "$scope")"
	done
	folder=${CACHE#*:}
	if ! run docker save -o "$folder/new.tar" "$@" ||
		! run mv "$folder/new.tar" "$folder/images.tar"
	then
		say "cannot write $folder: the next run builds all again"
	fi
}
