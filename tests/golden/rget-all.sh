#!/bin/sh
# rget.sh 0.1.0: a file over many HTTP ranges at once, by busybox alone
# usage: rget.sh -u URL -o FILE [OPTION]...
#   -u URL     what to fetch; given again: a mirror of the same bytes
#   -o FILE    where to: one mv, when all is verified; - is stdout, in order
#   -s DIGEST  sha256:HEX, sha512:HEX or hex; TLS may be unverified but with -H
#   -H HEADER  'Name: value', for the URL's own host and no other; repeatable
#   -P N       connections, 1 to 64 (4)
#   -b SIZE    of a block: 100000, 512K, 8M, 1G (derived from the file's size)
#   -t -T SEC  how long a block may fail (300), a connection be silent (20)
#   -k -x      accept an unverified peer or a redirect to http; make executable
#   -q -v -V -h  print errors only; each request; the version; this text
# exit: 2 usage 3 file 4 network 5 TLS 6 login 7 protocol 8 server 9 digest
set -eu; exec 9>&2
VERSION=0.1.0 FIRST=2097152 MOST=67108864 # bytes a block
# shellcheck disable=SC2016 # for the sh that nc starts
HOP='text=
hear() {
	while IFS= read -r line && line=${line%[[:cntrl:]]} && [ -n "$line" ]; do
		echo "$line" >&2
		case $text:$line in
		:HTTP/*) text=${line#* } ;;
		*:[Tt]*-[Ee]*:*) text=501; echo HTTP/ 501 >&2 ;;
		esac
	done; echo >&2
	case $text in
	1*) text=; hear ;; 206*) ulimit -f "$most"; exec cat >&6 ;;
	2*) exec cat >"$part" ;; *) echo "wget: $text" >&2 ;;
	esac
}
[ "$tls" ] || { cat "$part.a"; hear; exit; }
exec 3<&0 4<>"$part.t"; (exec <"$part.t" 4>&-; hear) &
exec ssl_client "-${trust:+I}s3" -n "$host" <"$part.a" >"$part.t"'
say() { printf '%s\n' "${clear}rget.sh: $1" >&9; } # LINE: to people
die() { # CODE MESSAGE: a worker's word goes to main, which is 0
	[ "$worker" = 0 ] || { printf '%s\n' "end $1 $2" >&8; exit; }
	say "$2"; exit "$1"
}
size() { stat -c %s "$1"; } # FILE: prints its bytes
number() { # MIN MAX: $value, as 1000, 512K, 8M or 1G, into $n
	n=${value%[KMG]} unit=0
	case $n in '' | 0?* | *[!0-9]* | ???????????*) n=-1 ;; esac
	case $value in *K) unit=10 ;; *M) unit=20 ;; *G) unit=30 ;; esac
	[ "$((n <<= unit))" -ge "$1" ] && [ "$n" -le "$2" ] ||
		die 2 "-$option $value: not $1 to $2"
}
expect() { # $value as $digest, and sha256 or sha512 as $tool
	digest=$(printf %s "${value#sha???:}" | tr A-F a-f) cut=4
	tool=sha$((${#digest} * 4))
	case $tool:${value#"$tool:"} in *:*[!0-9A-Fa-f]*) ;;
	sha256:* | sha512:*) return ;; esac; die 2 '-s: no digest'
}
header() { # $value, 'Name: value', into $headers
	case $value in
	*[[:cntrl:]]* | [!A-Za-z]* | "${value%%:*}") die 2 '-H: not Name: value' ;;
	esac
	text=$(printf '\r\n.'); headers=$headers${headers:+"${text%.}"}$value
}
address() { # $value, as a server can be asked for it, into $url
	case $value in
	*[[:cntrl:]]*) die 2 '-u: bad byte' ;;
	http://[!/-]* | https://[!/-]*) url=${value%%#*} ;;
	*) die 2 "-u $value: not http(s)://" ;;
	esac
	while [ "$url" != "${url#* }" ]; do url=${url%% *}%20${url#* }; done
}
stop() { # [PAUSE]: our wget, the next worker, which stops its, what came last
	for text in ${1-} ''; do # twice: who is just being forked misses signals
		# shellcheck disable=SC2086 # numbers, or nothing
		[ "${!:-0}" = 0 ] || kill $child $helper "$!" || :
		[ -z "$text" ] || sleep "$text"
	done
	exec 6>&-; wait; child='' helper=''
}
clean() { # STATUS: nothing runs on, nothing is left
	trap '' EXIT HUP INT TERM; rm -rf "$tmp" || :
	[ "$1" = 0 ] || stop .1; [ ! -e "$tmp" ] || rm -rf "$tmp"; exit "$1"
}
refuse() { why=$2; [ "$((refused += 1))" -lt "$sources" ] || die "$1" "$2"; }
locate() { # wget follows a redirect to $text
	host=${target#*://} status=0
	case $text in /*) text=${target%%://*}://${host%%[/?]*}$text ;; esac
	line="$target -> $text"
	case $trust$target:$text in
	https:*:http:*) die 5 "$line: see -k" ;;
	*:http*://[!-]*) target=$text ;;
	*) die 8 "$line" ;;
	esac
}
inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line || read -r line; do # SIGCHLD ends one of busybox 1.26
		line=${line%[[:cntrl:]]}; text=${line#*:}; text=${text#"${text%%[! ]*}"}
		case $line in
		HTTP/*) text=${line#* } status=${text%% *} range='' length='' tag='' ;;
		[Cc]*-[Rr]*:*bytes\ *) range=$text ;;
		[Cc]??????-[Ll][Ee]*:*) length=${length:-${text%%[!0-9]*}} ;;
		[Rr]*-[Aa]*:*) after=$text ;; [Ee][Tt][Aa][Gg]:*) tag=$text ;;
		[Ll]*-[Mm]*:*) tag=${tag:-$text} ;;
		[Ll][Oo][Cc]????[Nn]:*) case $status in 3*) locate ;; esac ;;
		'' | .) case $seen$status in 20[06]) accept ;; esac ;;
		*'certificate '[opv]* | *'TLS connect '*)
			refuse 5 "$target not verified: see -k, -s ($line)"
			kill "$child"; end=-2 ;;
		*'No space '*) die 3 "$out: disk full" ;;
		wget:\ res*) ;; # restart failed: it goes on, with the whole file
		*redirections) status=310 why=${line#*: } ;;
		wget* | curl* | nc:*) why=${line#*: } ended=1 ;;
		*SSL* | *ssl*) code=5 ;;
		esac
		case $ended:$child:$line in 1:?*:* | *::.) return ;; esac
	done
}
layout() { # the blocks, all of one size but the last
	size=$(((total / process / cut + 511) / 512 * 512))
	size=$((block ? block : size < FIRST ? FIRST : size > MOST ? MOST : size))
	blocks=$(((total + size - 1) / size))
	[ -n "$sink" ] || [ "$total" -le "$FIRST" ] ||
		[ "$((free = $(stat -fc '%S/512*%a/2' .)))" -ge "$((total >> 10))" ] ||
		die 3 "$out: $free KiB free"
	echo "plan $total $blocks $size" >&8
}
hire() { # starts the next worker, which starts the one after it
	[ "$worker" -ge "$process" ] || [ "$worker" -ge "$blocks" ] ||
		{ work "$((worker + 1))" & helper=$!; }
}
seed() { # the byte before the part; else the block's own place in the file
	case ${place:+.}$status:$why in # what nc failed with, wget is to try
	.:* | .401:* | *:501 | *:over*) able=''; truncate -s "$total" file ;;
	esac
	place=${able:+${n#0}}
	if [ -z "$place" ]; then echo >"$part"
	else : >"$part"; exec 6<>file; dd bs=1 count=0 seek="$from" >&6 || exit; fi
}
came() { # prints the bytes of the part, with its seed
	[ -n "$place" ] || { size "$part"; return; }
	read -r _ n </proc/self/fdinfo/6; echo "$((n - from + 1))"
}
second() { # waits for one, which TERM cuts short
	trap 'kill "$!"; exit' TERM
	sleep 1 & wait "$!"
}
guard() { # PID: ended, when the part has not grown for $idle seconds
	was='' n=0; while kill -s 0 "$1" && [ "$((n += 1))" -le "$idle" ]; do
		second; [ "$(came)" = "$was" ] || was=$(came) n=0
	done
	kill "$1" && echo 'wget: stalled' >&2
}
raw() { # becomes nc, which shows our headers to the origin's own host alone
	rm -f "$part".[ht]; mkfifo "$part.h" "$part.t"
	exec 3<>"$part.h"; exec 4<"$part.h"
	trap 'exec 3>&-; kill "$!" "$child"; sleep .1; kill "$!" "$child"
		read -r line <&4; exit' TERM
	path=${url#*://}; host=${path%%[/?]*}; path=${path#"$host"} tls=''
	host=${host##*@} port=80; case $url in https:*) tls=1 port=443 ;; esac
	case $origin/ in "${url%"$path"}"[/?]*) ;; *) headers='' ;; esac
	[ -n "$full" ] || set -- "Range: bytes=$span"
	set -- "Host: $host" 'User-Agent: Wget' ${headers:+"$headers"} "$@"
	printf '%s\r\n' "GET /${path#/} HTTP/1.$((${client:-total} > 0))" "$@" \
		'Connection: close' '' >"$part.a"
	case $host in *:*[!]]) port=${host##*:} ;; esac
	most=$(((end + 511) >> 9))
	[ -n "$place" ] || { exec 6>>"$part"; most=unlimited; }
	export part tls trust most host="${host%":$port"}"
	nc -w "$idle" "$host" "$port" -e sh -c "$HOP" 5>&3 6>&6 & child=$!
	exec 3>&-; guard "$child" & dog=$!
	read -r line <&4 || read -r line <&4 || wait "$child"; code=$?
	kill "$dog"; exit "$code"
}
home() { # the next try starts at the next mirror
	origin=${mirrors%% *}; mirrors="${mirrors#* }$origin " url=$origin
}
try() { # one request for what the part lacks; false when not all of it came
	[ "$held" != 0 ] || seed
	span=$((from + (held ? held - 1 : 0)))-$((end - 1)) target=$url
	[ -z "$verbose" ] || say "$span of $url"
	exec 3<>"$part.l"; ask <"$part" 2>&3 & child=$!
	seen='' ended='' status='' after=''
	exec 4<"$part.l" 3>&-; why=truncated code=4; inspect <&4
	wait "$child" && lost='' || lost=-1
	child=''; echo . >"$part.l"; inspect <&4
	had=$held held=$(came)
	[ -n "$seen" ] || { lost=-1; [ "$held" = "$had" ] || held=0; } # not ours
	[ -z "$full" ] || {
		[ "${lost:-${length:-$held}}" = "$held" ] || { held=0; return 1; }
		total=$held size=$held end=$held held=$((held + 1)); }
	[ "$held" -le "$((end - from + 1))" ] || held=0 code=7 why=overlong
	[ "$held" = "$((end - from + 1))" ]
}
take() { # the next block that nobody has, when the reader is not far behind
	[ -z "$sink" ] || read -r line <&7
	until [ "$((n += 1))" -ge "$blocks" ] || (set -C; : >"$n"); do :; done
	[ "$n" -lt "$blocks" ]
}
work() { # NUMBER: takes one block after another, until none is left
	worker=$1 n=-1 child='' helper='' status=0 part=$1.part
	trap 'stop; exit' EXIT PIPE; trap 'trap "" EXIT TERM; stop .1; exit' TERM
	mkfifo "$part.l"; [ "$total" = 0 ] || { [ "$sources" = 1 ] || home; hire; }
	while take; do
		from=$((n * size)) held=0 full='' deadline='' pause=1 refused=0
		while end=$((total && from + size > total ? total : from + size))
			[ "$held" != "$((end - from + 1))" ]; do try || again; done
		mv "$part" "got$n$full"; echo "got$full" >&8
	done
	wait
}
show() { # on a terminal one live line; in a log, one at each 10 per cent
	seconds=$((seconds + 1)) got=$(du -sk .); got=${got%%[!0-9]*}
	[ -z "$sink" ] || got=$((got + n * (size >> 10)))
	all=$(((total >> 10) + 2)); got=$((got < all ? got : all - 1))
	percent=$((got * 100 / all)) rate=$((got / seconds + 1))
	text="$percent%, $rate KiB/s, $(((all - got) / rate)) s left"
	text="$((got >> 10)) MiB, $text"
	[ -z "$clear" ] || printf "[%-10.$((percent / 10))s] %s\r" "##########" \
		"$text$clear" >&9
	[ -n "$clear" ] || [ "$percent" -lt "$((shown + 10))" ] ||
		{ shown=$percent; say "$text"; }
}
pass() { # block n without its seed; beyond it, when it is in its place
	if [ -n "$full" ] || read -r line; then cat
	else dd bs=1 count=0 seek="$size"; fi <"got$n"
}
insist() { # on one file: else once more, from each source alone
	set -- "$mirrors" ''
	until transfer; do stop .1
		case $2$code$sources:$1$sink in
		91:* | [!79.]* | *: | *-) die "$code" "$why" ;;
		esac
		any=$((full ? 0 : total)) mirrors="${1%% *} "; set -- "${1#* }" .
	done
}
ask() { # becomes wget, which takes a range only behind a byte it has (-c)
	[ -z "$full" ] || : >"$part"
	case $client:$place${headers:+-}:${http_proxy:+.}$status${url##*@*} in
	0:* | :[-0-9]*:* | ::429h* | ::503h*) raw ;;
	curl:*) set -- ${trust:+-k} -fsSLD /dev/fd/2 --connect-timeout "$idle"
		[ -n "$full" ] || set -- -r "$span" "$@"
		exec curl -y "$idle" "$@" "$url" >>"$part" ;;
	esac
	set -- ${trust:+--no-check-certificate} -T "$idle" "$url"
	[ -n "$full" ] || set -- --header "Range: bytes=$span" "$@"
	[ -z "$client" ] || # GNU wget refuses a range behind a seed: it appends
		exec wget --start-pos="${span%-*}" -nv -St1 -O - "$@" >>"$part"
	[ -n "$full" ] || set -- -c "$@"
	exec ${digest:+nice} ${sink:+nice} wget -qSO "$part" "$@" # readers first
}
again() { # a try has failed: waits and goes back to a source, or gives up
	case $status:$hops in
	0:?) url=$target hops=$((hops + 1)); return ;; # a redirect, left to us
	0:*) url=$origin status=310 ;;
	esac
	case $status:$total$full:$url in
	416:0:*) full=1; return ;;
	408* | 42[59]* | 5*) code=8 ;;
	40[13]*:"$origin" | 407*) refuse 6 "$url: $why" ;;
	[346]*:"$origin") refuse 8 "$url: $why" ;;
	esac
	now=$(date +%s); deadline=${deadline:-$((now + limit))}
	[ "$now" -lt "$deadline" ] || die "$code" "$url: $why, for $limit s"
	case $after in '' | 0* | *[!0-9]* | ?????*) after=$pause ;; esac
	text=$(printf %d "'${tmp##*.}") # chance, so that builds do not ask as one
	after=$((after + after * (text - 48) / 150))
	sleep "$((after < limit ? after : limit))" & child=$!; wait "$child" || :
	child='' hops=0; home; pause=$((pause < 32 ? pause * 2 : 60))
}
accept() { # is it the range that was asked for, of the file that all read?
	all=${range##*/} seen=1 ended=1
	case $total:$status:$all in
	[!0]*) all=$total ;;
	0:206: | 0:206:*[!0-9]* | 0:206:???????????????????*)
		full=1 status='' length=-1; kill "$child"; return ;;
	0:206:*) end=$((end < all ? end : all)) ;;
	*) text=$full; case $any in 0 | "$length") full=1 ;; esac
		case $text$client in [gc]*) length=-1; kill "$child" ;; esac ;;
	esac
	[ -z "$full" ] || { echo "plan ${length:-0} 1 0" >&8; return; }
	case $sources:$tag:$digest in 1:* | *:?*:) ;; *) tag=$mark ;; esac # mirrors
	set -- "206 bytes ${span%-*}-$((end - 1))/$((all))" "$status $range"
	if [ "$2 ${mark:+$tag}" = "$1 $mark" ]; then # mksh counts to 2^31
		url=$target mark=$tag hops=0
		[ "$total" != 0 ] || { total=$all; layout; hire; }
	else
		kill "$child"; end=-2 # for try to drop what came
		refuse 7 "$target changed: want $1 $mark, got $2 $tag"
	fi
}
gather() { # what the workers bring, in order; false when one of them gave up
	while [ "$n" -lt "$blocks" ]; do
		read -r word first second third <&8 || die 4 'no worker'
		case $word in
		plan) total=$first blocks=$second size=$third ;;
		got1) mv got01 got0; full=1 total=$(size got0) ;;
		end) code=$first why="$second $third"; return 1 ;;
		tick) show; continue ;;
		esac
		while [ -f "got$n" ]; do
			[ "$full$sink" = 1 ] || pass >&5 &
			[ -z "$digest" ] || pass >&6
			wait "$!" || { [ "$?" = 1 ] || exit 141; die 3 "$out: disk full"; }
			[ "$full$sink" != 1 ] || mv got0 file
			[ "$blocks" = 1 ] || rm "got$n"; n=$((n + 1))
			[ -z "$sink" ] || echo >&7
		done
	done
}
transfer() { # one pass; false when it was not one file all along
	cd "$tmp"; [ ! -e p ] || rm -rf p; mkdir p; cd p; mkfifo news turn in
	total=0 blocks=1 n=0 full='' mark='' size=$((block ? block : FIRST))
	if [ -z "$sink" ]; then exec 5>file
	else cut=4; exec 5>&1 7<>turn; seq "$((process * 2))" | tr -d 0-9 >&7; fi
	[ -z "$digest" ] || { "${tool}sum" <in >sum & exec 6>in; }
	home; work 1 8>news & helper=$!
	[ -n "$quiet" ] || { while kill -s 0 "$helper"; do # the worker lives
		second; echo tick; done >news & child=$!; }
	exec 8<news; gather && stop && { [ -z "$digest" ] || {
		read -r found _ <sum; code=9 why="$origin: expected $digest, got $found"
		[ "$found" = "$digest" ]; }; }
}
main() {
	child='' helper='' tmp='' trust='' mode='' verbose='' url='' out=''
	process=4 block=0 limit=300 idle=20 worker=0 sink='' clear='' digest=''
	mirrors='' sources=0 any=0 cut=2
	able='' place='' why='' hops=0 headers='' client=''
	quiet='' found='' shown=0 seconds=0 began=$(date +%s)
	while getopts :u:o:P:b:t:T:xqvVhks:H: option; do
		value=${OPTARG-}; case $option in
		u) address; mirrors="$mirrors$url " sources=$((sources + 1)) ;;
		o) out=$value; [ "$out" != - ] || sink=- out=${TMPDIR:-/tmp}/stdout ;;
		P) number 1 64; process=$n ;; b) number 1 1073741824; block=$n ;;
		t) number 0 99999; limit=$n ;; T) number 1 99999; idle=$n ;;
		s) expect ;; H) header ;;
		q) quiet=1 ;;
		k) trust=1 ;; x) mode=1 ;; v) verbose=1 ;;
		V) echo "rget.sh $VERSION"; exit ;;
		h) sed -n '2,/^[^#]/s/^# //p' "$0"; exit ;;
		*) die 2 "-$value: bad (-h)" ;;
		esac
	done
	[ "$#" -lt "$OPTIND" ] && [ -n "${url:+$out}" ] || die 2 'want -u, -o'
	[ -n "$headers" ] || trust=${trust:-$digest} # no secret to a stranger
	case $(wget --version 2>&1) in
	*v1.2[0-6].*) client=0 trust='' ;; *Busy*) ;; # by nc alone
	GNU*) client=gnu ;; *) client=curl ;;
	esac
	case ${headers:+$client} in [gc]*) die 2 '-H: no busybox' ;; esac
	text=$client${http_proxy:+@}${sink:+@}${digest:+@}
	case $text${mirrors-$url }$((block & 511)) in
	[gc]* | *@*) ;; *' 0') able=1 ;; # nc may bring blocks to their places
	esac
	[ "${out#/}" != "$out" ] || out=$PWD/$out
	[ ! -e "$out" ] || [ -f "$out" ] || die 3 "$out: not a file"
	[ -z "${https_proxy:-}" ] || say 'https_proxy unused'
	[ ! -t 9 ] || clear=$(printf '\033[K')
	exec 2>/dev/null; trap 'clean "$?"' EXIT; trap 'clean 141' PIPE
	trap 'clean 129' HUP; trap 'clean 130' INT; trap 'clean 143' TERM
	tmp=$(mktemp -d "${out%/*}/.rget.XXXXXX") || die 3 "$out: cannot write"
	insist
	took=$(($(date +%s) - began)); rate=$((total / (took ? took : 1)))
	[ -n "$quiet" ] ||
		say "$total bytes in $took s, $rate bytes/s, ${found:-not} verified"
	[ -n "$sink" ] || { [ -z "$mode" ] || chmod +x file
		[ "$(size file)" = "$total" ] && mv file "$out"; } ||
		die 3 "$out: cannot write"
}
main "$@"
