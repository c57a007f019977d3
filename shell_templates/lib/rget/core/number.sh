number() { # MIN MAX: $OPTARG, as 1000, 512K, 8M or 1G, into $n
	n=${OPTARG%[KMG]}
	case $n in '' | 0?* | *[!0-9]* | ???????????*) n=-1 ;; esac
	case $OPTARG in *K) n=$((n << 10)) ;; *M) n=$((n << 20)) ;; *G) n=$((n << 30)) ;; esac
	[ "$n" -ge "$1" ] && [ "$n" -le "$2" ] || die 2 "-$option $OPTARG: not $1 to $2"
}
