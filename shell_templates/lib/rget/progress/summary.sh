summary() { # the last line
	size=$(stat -c %s "$tmp/file") took=$(($(date +%s) - began))
	echo "rget.sh: $size bytes in $took s, $((size / (took ? took : 1)))" \
		"bytes/s, ${found:-not} verified" >&9
}
