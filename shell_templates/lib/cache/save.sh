# shellcheck shell=sh
save() { # the images of all stages, for recall
	[ "$how" = load ] || return 0
	set --
	for each in $STAGES; do
		set -- "$@" "$(ref "$each" "$scope")"
	done
	if run mkdir -p "${CACHE#*:}" &&
		run docker save -o "${CACHE#*:}/new.tar" "$@" &&
		run mv "${CACHE#*:}/new.tar" "${CACHE#*:}/images.tar"
	then
		return
	fi
	say "cannot write ${CACHE#*:}: the next run builds all again"
}
