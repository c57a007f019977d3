insist() { # on one file: else once more, from each source alone
	set -- "$mirrors" ''
	until transfer; do stop .1
		case $2$code$sources:$1$sink in
		91:* | [!79.]* | *: | *-) die "$code" "$why" ;;
		esac
		any=$((full ? 0 : total)) mirrors="${1%% *} "; set -- "${1#* }" .
	done
}
