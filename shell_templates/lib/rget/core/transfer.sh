transfer() { # one pass; false when it was not one file all along
	total=0 blocks=1 worker=0 size=$((block ? block : FIRST))
	home; hire; wait "$helper" && return
	stop; read -r code <"$tmp/end" || die 3 'a worker was killed'
	[ "$code" -eq 7 ] || exit "$code"
	rm -rf "${tmp:?}"/*; return 1
}
