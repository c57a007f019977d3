prepare() { # looks at FILE, and makes a folder beside it
	[ "${out#/}" != "$out" ] || out=./$out
	[ ! -e "$out" ] || [ -f "$out" ] || die 3 "-o $out: not a regular file"
	tmp=$(mktemp -d "${out%/*}/.rget.XXXXXX" 2>/dev/null) || die 3 "cannot write to ${out%/*}"
}
