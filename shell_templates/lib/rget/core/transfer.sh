transfer() { # one pass; false when it was not one file all along
	total=0 blocks=1 worker=0 size=$((block ? block : FIRST))
	home; hire; wait "$helper" && return
	stop; set -- "$tmp"/code*
	[ -f "$1" ] || die 3 'worker died'
	[ "${1##*code}" -eq 7 ] || exit "${1##*code}"
	rm -rf "${tmp:?}"/*; return 1
}
