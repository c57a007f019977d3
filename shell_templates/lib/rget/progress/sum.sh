sum() { # of the lines of stdin, blocks of 512 bytes, in bytes
	sum=0
	while read -r line; do sum=$((sum + line)); done
	echo "$((sum * 512))"
}
