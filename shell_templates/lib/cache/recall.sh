# shellcheck shell=sh
recall() { # what an earlier run has kept as images
	case $how in
	push-pull)
		for each in $STAGES; do
			run docker pull -q "$(ref "$each" "$scope")" ||
				run docker pull -q "$(ref "$each" "$fallback")" ||
				say "no cache of $each yet"
		done
		;;
	load)
		[ ! -e "${CACHE#*:}/images.tar" ] ||
			run docker load -q -i "${CACHE#*:}/images.tar" ||
			say "${CACHE#*:}/images.tar is damaged: building without it"
		;;
	esac
}
