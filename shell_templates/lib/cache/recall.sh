# shellcheck shell=sh
recall() { # what an earlier run has kept, as far as it must be brought here
	folder=${CACHE#*:}
	case $how in
	push-pull) for stage in $STAGES; do pull "$stage"; done ;;
	local | load)
		if ! run mkdir -p "$folder" || [ -z "$dry" ] && [ ! -w "$folder" ]; then
			say "cannot write $folder: building without a cache"
			how=none staged=''
		fi
		;;
	esac
	[ "$how" = load ] && [ -e "$folder/images.tar" ] || return 0
	run docker load -q -i "$folder/images.tar" ||
		say "$folder/images.tar is damaged: building without it"
}
