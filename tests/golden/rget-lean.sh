#!/bin/sh
# rget.sh 0.1.0: a file over many HTTP ranges at once, by busybox alone
# usage: rget.sh -u URL -o FILE [OPTION]...
#   -u URL     what to fetch
#   -o FILE    where to: one mv, when all is verified
#   -s DIGEST  sha256:HEX, sha512:HEX or bare hex; then TLS may be unverified
#   -P N       connections, 1 to 64 (4)
#   -b SIZE    of a block: 100000, 512K, 8M, 1G (derived from the file's size)
#   -t SEC     patience: how long a block may fail (300)
#   -T SEC     a connection is dead after so long without a byte (20)
#   -k -x      accept an unverified peer or a redirect to http; make executable
#   -q -v -V -h  print errors only; each request; the version; this text
# exit: 2 usage 3 file 4 network 5 TLS 6 login 7 protocol 8 server 9 digest
set -eu; exec 9>&2 # for our own words
VERSION=0.1.0
FIRST=1048576 LARGEST=67108864 # bytes: of blocks without -b
die() { trap '' TERM # CODE MESSAGE: of workers that die, the first is heard
	[ -z "$tmp" ] || [ "$worker" -eq 0 ] || claim "$tmp/end" || exit "$1"
	printf 'rget.sh: %s\n' "$2" >&9
	[ -z "$tmp" ] || { : >"$tmp/code$1" && kill -s ALRM "$$"; }
	exit "$1"
}
claim() { (set -C && : >"$1") 2>/dev/null; } # FILE: makes it, for one alone
size() { stat -c %s "$1"; } # FILE: prints its bytes
number() { # MIN MAX: $OPTARG, as 1000, 512K, 8M or 1G, into $n
	n=${OPTARG%[KMG]} unit=0
	case $n in '' | 0?* | *[!0-9]* | ???????????*) n=-1 ;; esac
	case $OPTARG in *K) unit=10 ;; *M) unit=20 ;; *G) unit=30 ;; esac
	[ "$((n <<= unit))" -ge "$1" ] && [ "$n" -le "$2" ] ||
		die 2 "-$option $OPTARG: not $1 to $2"
}
expect() { # $OPTARG as $digest, and sha256 or sha512 as $tool
	digest=$(printf %s "${OPTARG#sha???:}" | tr A-F a-f) trust=1
	tool=sha$((${#digest} * 4))
	case ${OPTARG#"$tool:"} in *[!0-9A-Fa-f]*) tool='' ;; esac
	case $tool in sha256 | sha512) ;; *) die 2 "-s: no digest" ;; esac
}
address() { # $OPTARG, as a server can be asked for it, into $url
	case $OPTARG in
	*[[:cntrl:]]*) die 2 '-u: a control character: write %0A' ;;
	http://[!/]* | https://[!/]*) url=${OPTARG%%#*} ;;
	*) die 2 "-u '$OPTARG': not http:// or https://" ;;
	esac
	while [ "$url" != "${url#* }" ]; do url=${url%% *}%20${url#* }; done
}
stop() { # our wget, and the next worker, which stops the one after it
	[ -z "$child" ] || kill "$child" || :
	[ -z "$helper" ] || kill "$helper" || :
	wait
}
clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?; trap '' HUP INT TERM ALRM; stop
	[ -z "$tmp" ] || rm -rf "$tmp"; exit "$code"
}
locate() { # wget follows a redirect to $text
	host=${target#*://} status=''
	case $text in /*) text=${target%%://*}://${host%%[/?]*}$text ;; esac
	case $trust$target:$text in
	https:*:http:*) die 5 "$target leads to $text: see -k" ;;
	*:http*://*) ;;
	*) die 8 "$target leads to $text: wget cannot follow" ;;
	esac
	target=$text
}
inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line; do
		line=${line%[[:cntrl:]]}; text=${line#*:}; text=${text#"${text%%[! ]*}"}
		case $line in
		HTTP/*) text=${line#* } status=${text%% *} range='' length='' tag='' ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Rr][Aa]*:*) range=$text ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee]*:*) length=$text ;;
		[Ee][Tt][Aa][Gg]:*) tag=$text ;;
		[Ll][Aa][Ss][Tt]-[Mm]*:*) tag=${tag:-$text} ;;
		[Ll][Oo][Cc][Aa]*:*) locate ;;
		'') case $status in 2??) return ;; esac ;;
		*'certificate '[opv]* | *'TLS connect failed')
			die 5 "$target is not verified: see -k, -s, /etc/ssl ($line)" ;;
		*'No space left'*) die 3 "the disk of $out is full" ;;
		.) return ;;
		WARNING:* | 'wget: restart failed') ;;
		*redirections) die 8 "$origin: ${line#*: }" ;;
		*'option: S') die 2 'wget too old: --with portable' ;;
		wget:* | curl:*) why=${line#*: }; return ;;
		*SSL* | *ssl*) code=5 ;;
		esac
	done
}
layout() { # blocks of one size; dd seeks in units, which divide it
	[ "$((total))" = "$total" ] || die 7 "$url: no shell counts to $total"
	size=$((total / process / 4)) unit=65536
	size=$((block ? block : size < LARGEST ? size : LARGEST))
	[ "$size" -gt "$FIRST" ] || unit=$((block ? block : FIRST))
	size=$(((size + unit - 1) / unit * unit))
	blocks=$(((total + size - 1) / size))
	free=$(df -Pk "$tmp" | sed -n 's/.* \([0-9][0-9]*\)  *[0-9]*% .*/\1/p')
	[ "${free:-$total}" -ge "$((total >> 10))" ] ||
		die 3 "$out: $total bytes to come, $free KiB free"
}
hire() { # starts the next worker, which starts the one after it
	[ "$worker" -lt "$process" ] && [ "$worker" -lt "$blocks" ] || return 0
	work "$((worker + 1))" & helper=$!
}
home() { url=$origin; } # where the next try starts
try() { # one request for what the part lacks; false when not all of it came
	[ "$held" -gt 0 ] || echo >"$part" # the seed
	start=$((from + (held ? held - 1 : 0))) target=$url why='it ended early'
	status='' range='' length='' tag='' code=4
	[ -z "$verbose" ] || echo "rget.sh: bytes $start-$((end - 1)) of $url" >&9
	exec 3<>"$part.log"; ask 2>&3 & child=$!
	exec 4<"$part.log" 3>&-; inspect <&4
	case $status in 2??) accept ;; esac
	wait "$child" || length=${full:+-1}
	echo . >"$part.log"; inspect <&4
	child='' held=$(size "$part")
	[ -z "$full" ] || [ "${length:-$held}" = "$held" ] || { held=0; return 1; }
	[ -z "$full" ] || { total=$held size=$held end=$held held=$((held + 1)); }
	[ "$held" -le "$((end - from + 1))" ] || held=0 code=7 why='too long'
	[ "$held" -eq "$((end - from + 1))" ]
}
again() { # a try has failed: waits and goes back to the origin, or gives up
	case $status$full:$url in
	416:*) full=1; return ;;
	408* | 425* | 429* | 5*) code=8 ;;
	401*:"$origin" | 403*:"$origin" | 407*) die 6 "$url: $why" ;;
	[346]*:"$origin") die 8 "$url: $why" ;;
	esac
	now=$(date +%s); deadline=${deadline:-$((now + limit))}
	[ "$now" -lt "$deadline" ] || die "$code" "$url: $why, for $limit s (-t)"
	sleep "$pause" & child=$!; wait "$child" || :
	child=''; home; pause=$((pause < 32 ? pause * 2 : 60))
}
place() { # the part, without its seed, goes where it belongs in the file
	if [ -n "$full" ]; then mv "$part" "$tmp/file"; return; fi
	{ read -r line && dd bs="$unit" seek="$((from / unit))" conv=notrunc \
		of="$tmp/file"; } <"$part" 2>/dev/null || die 3 "$out: the disk is full"
}
work() { # NUMBER: takes one block after another, until none is left
	worker=$1 n=0 child='' helper='' part=$tmp/$1.part
	trap stop EXIT; trap 'exit 143' HUP TERM
	mkfifo "$part.log"; [ "$total" -eq 0 ] || hire
	while [ "$n" -lt "$blocks" ]; do
		if claim "$tmp/$n"; then
			from=$((n * size)) held=0 full='' deadline='' pause=1
			while
				end=$((total && from + size > total ? total : from + size))
				[ "$held" -ne "$((end - from + 1))" ]
			do try || again; done
			place
		fi
		n=$((n + 1))
	done
	[ -z "$helper" ] || wait "$helper" || exit 3
}
transfer() { # one pass; false when it was not one file all along
	total=0 blocks=1 worker=0 size=$((block ? block : FIRST))
	home; hire; wait "$helper" && return
	stop; set -- "$tmp"/code*
	[ -f "$1" ] || die 3 'worker died'
	[ "${1##*code}" -eq 7 ] || exit "${1##*code}"
	rm -rf "${tmp:?}"/*; return 1
}
verify() { # the file has the digest that is expected
	found=$("${tool}sum" "$tmp/file"); found=${found%% *}
	[ "$found" = "$digest" ] || die 9 "$origin: expected $digest, got $found"
}
ask() { # becomes wget, which takes a range only behind a byte it has (-c)
	set -- -T "$idle" -O "$part" "$url"
	[ -n "$full" ] || set -- -c --header "Range: bytes=$start-$((end - 1))" "$@"
	[ -z "$trust" ] || set -- --no-check-certificate "$@"
	exec wget -qS "$@"
}
accept() { # is it the range that was asked for, of the file that all read?
	case $total:$status:$range in
	0:206:*/*[!0-9]*) full=1 status='' length=-1; kill "$child"; return ;;
	0:206:*/?*)
		total=${range##*/} mark=$tag url=$target
		[ "$end" -lt "$total" ] || end=$total
		layout; hire
		;;
	0:*) full=1 ;;
	esac
	set -- "206 bytes $start-$((end - 1))/$total" "$status $range"
	[ -n "$full" ] || [ "$2 ${mark:+$tag}" = "$1 $mark" ] ||
		die 7 "$target changed: wanted $1 $mark, got $2 $tag"
	url=$target
}
main() {
	child='' helper='' tmp='' trust='' mode=-x verbose='' origin='' out=''
	process=4 block=0 limit=300 idle=20 digest=''
	while getopts :u:o:P:b:t:T:xqvVhks: option; do
		case $option in
		u) address; origin=$url ;;
		o) out=$OPTARG ;;
		P) number 1 64; process=$n ;;
		b) number 1 1073741824; block=$n ;;
		t) number 0 999999; limit=$n ;;
		T) number 1 999999; idle=$n ;;
		s) expect ;;
		k) trust=1 ;;
		x) mode=+x ;;
		q) ;;
		v) verbose=1 ;;
		V) echo "rget.sh $VERSION"; exit ;;
		h) sed -n '1d; /^#/!q; s/^# \{0,1\}//p' "$0"; exit ;;
		*) die 2 "-$OPTARG: unknown, or no value" ;;
		esac
	done
	[ "$#" -lt "$OPTIND" ] && [ -n "$origin" ] && [ -n "$out" ] ||
		die 2 'want -u URL -o FILE (-h)'
	[ "${out#/}" != "$out" ] || out=./$out
	[ ! -e "$out" ] || [ -f "$out" ] || die 3 "-o $out: not a regular file"
	exec 2>/dev/null
	trap clean EXIT; trap : ALRM # from die, to end a wait
	trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
	tmp=$(mktemp -d "${out%/*}/.rget.XXXXXX") ||
		die 3 "cannot write to ${out%/*}"
	transfer || transfer || exit 7
	[ -z "$digest" ] || verify
	{ chmod "$mode" "$tmp/file" && mv "$tmp/file" "$out"; } ||
		die 3 "cannot write $out"
}
main "$@"
