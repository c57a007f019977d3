refuse() { why=$2; [ "$((refused += 1))" -lt "$sources" ] || die "$1" "$2"; }
