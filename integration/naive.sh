#!/bin/sh
# naive.sh: parallel ranges the obvious way, to show beside rget.sh what the
# obvious way gets wrong. It checks nothing: a server that ignores Range gives
# wrong bytes and status 0, and awk's %d ends at 2147483647.
#
# usage: naive.sh -u URL -o FILE [-P CONNECTIONS]
connections=4
while getopts u:o:P: option; do
	case $option in
	u) url=$OPTARG ;;
	o) out=$OPTARG ;;
	P) connections=$OPTARG ;;
	*) exit 2 ;;
	esac
done

size=$(wget --spider -S "$url" 2>&1 |
	awk 'tolower($1) == "content-length:" { size = $2 } END { print size }')
parts=$(mktemp -d)
block=$(((size + connections - 1) / connections))

awk -v size="$size" -v block="$block" 'BEGIN {
	for (first = 0; first < size; first += block) {
		last = first + block - 1
		if (last >= size) last = size - 1
		printf "%d %d %d\n", ++n, first, last
	}
}' | xargs -n 3 -P "$connections" sh -c '
	printf x >"$1/$3"
	wget -q -c -O "$1/$3" --header "Range: bytes=$4-$5" "$2"
' part "$parts" "$url"

: >"$out"
for n in $(seq "$connections"); do
	[ ! -e "$parts/$n" ] || tail -c +2 "$parts/$n" >>"$out"
done
rm -r "$parts"
