number() { # MIN MAX: $value, as 1000, 512K, 8M or 1G, into $n
	n=${value%[KMG]} unit=0
	case $n in '' | 0?* | *[!0-9]* | ???????????*) n=-1 ;; esac
	case $value in *K) unit=10 ;; *M) unit=20 ;; *G) unit=30 ;; esac
	[ "$((n <<= unit))" -ge "$1" ] && [ "$n" -le "$2" ] ||
		die 2 "-$option $value: not $1 to $2"
}
