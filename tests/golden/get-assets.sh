#!/bin/sh
# get-assets.sh: release assets, pinned by digest
#   jq jq-1.7.1 for amd64, arm64
#   tool v1.2 for amd64, arm64
# Written by emit fetch VERSION: do not edit, write it again.
#
# usage: sh get-assets.sh [OPTION]... [NAME]...
#   NAME     what to fetch (all of it)
#   -c DIR   keep verified blocks in DIR, and take them from there
#   -r DIR   install below DIR instead of /, and do not try it
#   -P N     connections, 1 to 16 (4)
#   -t SEC   patience: how long one block may fail (300)
#   -q -h    print errors only; this text
#
# Each block is checked against the sha256 that is written here, and asked for
# again if it is wrong. A file is in its place whole, or not at all.
# exit: 1 does not run 2 usage 3 file 4 network 5 TLS 6 login 8 server 9 digest
#   10 not for this machine
set -eu
ME=get-assets.sh
NAMES='jq tool'
# shellcheck disable=SC2016 # for the sh that nc starts
HOP='exec 3<&0; printf %s "$request" | ssl_client -s3 -n "$host" >"$answer"'

pin() { # NAME: what it is for this machine, and where it goes
	case "$1 $machine" in
	'jq x86_64')
		url=https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-amd64
		size=1001 block=1001
		sha256=0000000000000000000000000000000000000000000000000000000000000001
		blocks=$sha256
		how=''
		members=''
		;;
	'jq aarch64')
		url=https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-arm64
		size=1002 block=1002
		sha256=0000000000000000000000000000000000000000000000000000000000000002
		blocks=$sha256
		how=''
		members=''
		;;
	'tool x86_64')
		url=https://github.com/o/tool/releases/download/v1.2/tool_1.2_amd64.tar.gz
		size=16777217 block=4194304
		sha256=0000000000000000000000000000000000000000000000000000000000000001
		blocks='
			0000000000000000000000000000000000000000000000000000000000000010
			0000000000000000000000000000000000000000000000000000000000000011
			0000000000000000000000000000000000000000000000000000000000000012
			0000000000000000000000000000000000000000000000000000000000000013
			0000000000000000000000000000000000000000000000000000000000000014
		'
		how=tar
		members=tool-1.2/tool
		;;
	'tool aarch64')
		url=https://github.com/o/tool/releases/download/v1.2/tool_1.2_arm64.tar.gz
		size=16777218 block=4194304
		sha256=0000000000000000000000000000000000000000000000000000000000000002
		blocks='
			0000000000000000000000000000000000000000000000000000000000000020
			0000000000000000000000000000000000000000000000000000000000000021
			0000000000000000000000000000000000000000000000000000000000000022
			0000000000000000000000000000000000000000000000000000000000000023
			0000000000000000000000000000000000000000000000000000000000000024
		'
		how=tar
		members=tool-1.2/tool
		;;
	*) die 10 "there is no $1 for $machine" ;;
	esac
	case $1 in
	jq)
		dest=/usr/local/bin/jq
		mode=0755
		strip=''
		check='jq --version'
		secret=t
		;;
	tool)
		dest=/o/
		mode=0755
		strip=''
		check='tool --version && true'
		secret=''
		;;
	esac
}
say() { [ -n "$quiet" ] || printf '%s: %s\n' "$ME" "$1" >&2; }
die() { # CODE MESSAGE: of workers that die, only the first is heard
	trap '' TERM # which comes as soon as another has ended
	if [ -n "$worker" ]; then
		mkdir "$tmp/dead" 2>/dev/null || exit "$1"
		mkdir "$tmp/code$1" # by itself: of two, another might make the second
	fi
	printf '%s: %s\n' "$ME" "$2" >&2
	[ -z "$worker" ] || kill -s TERM "$$"
	exit "$1"
}
number() { # MIN MAX: $OPTARG is one of these
	case $OPTARG in '' | *[!0-9]* | ??????*) set -- 1 0 ;; esac
	[ "$OPTARG" -ge "$1" ] 2>/dev/null && [ "$OPTARG" -le "$2" ] ||
		die 2 "-$option $OPTARG: no such number"
}
machine() { # prints what apk calls this machine; a kernel may be of another
	apk --print-arch 2>/dev/null && return
	case $(uname -m) in
	i?86) echo x86 ;;
	armv6*) echo armhf ;;
	armv[78]*) echo armv7 ;;
	*) uname -m ;;
	esac
}
client() { # prints what there is to ask with
	case $(wget --version 2>&1) in
	'GNU Wget'*) command -v curl >/dev/null || { echo gnu && return; } ;;
	*BusyBox*) echo busybox && return ;;
	esac
	command -v curl >/dev/null || die 4 'there is neither wget nor curl'
	echo curl
}
clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?
	trap '' HUP INT TERM
	for pid in $pids; do kill "$pid" 2>/dev/null || :; done
	wait
	if [ -n "$tmp" ]; then
		for file in "$tmp"/code*; do
			[ ! -d "$file" ] || code=${file##*code}
		done
		# what is just ending may write once more
		rm -rf "$tmp" 2>/dev/null || { sleep 1 && rm -rf "$tmp"; }
	fi
	exit "$code"
}
verified() { # SHA256: is it what $part holds behind its seed?
	[ "$(stat -c %s "$part" 2>/dev/null)" = "$((to - from + 2))" ] || return 1
	sum=$({ read -r _ && sha256sum; } <"$part")
	[ "${sum%% *}" = "$1" ]
}
again() { # N SHA256: that was not it; waits for the next try, or gives up
	words=$(cat "$log") why=$(tail -n 1 "$log")
	held=$(($(stat -c %s "$part") - 1))
	case $words in
	*[Ee][Rr]*\ 408* | *[Ee][Rr]*\ 425* | *[Ee][Rr]*\ 429*) ;;
	*[Ee][Rr]*\ 401*) die 6 "$url: ${why#*: }" ;;
	*[Ee][Rr]*\ 4[0-9][0-9]*) die 8 "$url: ${why#*: }" ;;
	*ertificate*) die 5 "$url is not verified; apk add ca-certificates?" ;;
	*'No space left'* | *'write error'*) die 3 "the disk of $dest is full" ;;
	esac
	if [ "$held" -gt "$((to - from + 1))" ] && [ "$count" -gt 1 ]; then
		: >"$tmp/whole"
		exit 0
	fi
	if [ "$held" -ge "$((to - from + 1))" ]; then
		bad=$((bad + 1)) why="block $1 is not the one with the sha256 $2"
		[ "$bad" -lt 3 ] || die 9 "$url: $why: uploaded again?"
	fi
	now=$(date +%s) deadline=${deadline:-$(($(date +%s) + limit))}
	[ "$now" -lt "$deadline" ] ||
		die 4 "$url: ${why:-it ended early}, for $limit s (-t)"
	sleep "$pause" & child=$!
	wait "$child" || :
	child='' pause=$((pause < 32 ? pause * 2 : 60))
}
hear() { # what the API answers: the asset itself, or where it is, into $url
	read -r _ status _ || exit 1
	while IFS= read -r line && line=${line%?} && [ -n "$line" ]; do
		case $line in
		[Ll]ocation:\ /*) url=https://${address%%/*}${line#*: } ;;
		[Ll]ocation:\ *) url=${line#*: } ;;
		esac
	done
	case $status in
	2*) cat >>"$part" && rm "$answer" && exit ;;
	3*) ;;
	*) echo "error: HTTP $status" >&2 && exit 1 ;;
	esac
}
private() { # asks the API without following: its token is for nobody else
	token=$(cat "/run/secrets/$secret" 2>/dev/null) ||
		token=$(printenv "$(echo "$secret" | tr '[:lower:]' '[:upper:]')") ||
		{ echo "error: 401: no /run/secrets/$secret" >&2 && exit 6; }
	case $client in
	busybox) ;;
	curl)
		printf 'header = "Authorization: Bearer %s"\n' "$token" |
			curl -K - -fsSL -y 20 -Y 1 -H "Range: $range" \
				-H 'Accept: application/octet-stream' "$url" >>"$part"
		exit
		;;
	*) echo 'error: 401: a private asset needs curl here' >&2 && exit 6 ;;
	esac
	address=${url#https://} crlf=$(printf '\r\n.') answer=$part.answer
	host=${address%%/*} crlf=${crlf%.}
	port=${host##*:}
	[ "$port" != "$host" ] || port=443
	request="GET /${address#*/} HTTP/1.0${crlf}Host: $host$crlf"
	request="${request}User-Agent: emit${crlf}Range: $range$crlf"
	request="${request}Accept: application/octet-stream$crlf"
	request="${request}Authorization: Bearer $token$crlf$crlf" host=${host%:*}
	export request host answer
	nc -w 20 "$host" "$port" -e sh -c "$HOP"
	hear <"$answer"
	rm "$answer"
}
block() { # N SHA256: asks for a block until it is what it should be
	from=$(($1 * block)) to=$(($1 * block + block - 1))
	deadline='' pause=1 bad=0
	[ "$to" -lt "$size" ] || to=$((size - 1))
	part=${cache:-$tmp}/$2.$1 log=$tmp/$1.log
	until verified "$2"; do
		[ ! -e "$log" ] || again "$1" "$2"
		held=$(stat -c %s "$part" 2>/dev/null || echo 0)
		if [ "$count" -eq 1 ] || [ "$held" -eq 0 ] ||
			[ "$held" -gt "$((to - from + 1))" ]; then
			echo >"$part"
			held=1
		fi
		start=$((from + held - 1)) end=$to
		ask 2>"$log" & child=$!
		wait "$child" || :
		child=''
	done
	{ read -r _ && dd bs=65536 seek="$((from / 65536))" conv=notrunc \
		of="$tmp/file"; } <"$part" 2>/dev/null || die 3 "cannot write $dest"
	[ -n "$cache" ] || rm -f "$part"
}
reap() { # PID: ends it and what it started, such as the ssl_client of wget
	for pid in $(pgrep -P "$1" 2>/dev/null); do reap "$pid"; done
	kill "$1" 2>/dev/null || :
}
work() { # takes one block after another, until none is left
	worker=1 child='' n=0
	trap '[ -z "$child" ] || reap "$child"; exit 143' TERM
	for sum in $blocks; do
		[ ! -e "$tmp/whole" ] || return 0
		if mkdir "$tmp/$n" 2>/dev/null; then
			block "$n" "$sum"
			[ "$count" -eq 1 ] || say "$name: block $((n + 1)) of $count"
		fi
		n=$((n + 1))
	done
}
fetch() { # the asset, verified, as $tmp/file
	count=0 pids='' n=0
	for _ in $blocks; do count=$((count + 1)); done
	: >"$tmp/file"
	while [ "$n" -lt "$process" ] && [ "$n" -lt "$count" ]; do
		work &
		pids="$pids $!" n=$((n + 1))
	done
	for pid in $pids; do wait "$pid" || exit; done
	pids=''
	[ -e "$tmp/whole" ] || return 0
	say "$url: no ranges on the way here, so it is read in one piece"
	rm -rf "${tmp:?}"/*
	block=$size blocks=$sha256
	fetch
}
tree() ( # unpacks $members, one a line, all if there is none, into $dest
	mkdir "$tmp/tree"
	IFS='
' what=$members
	set -f
	# shellcheck disable=SC2086 # split at line ends
	set -- $what
	if [ "$how" = zip ]; then
		unzip -q "$tmp/file" "$@" -d "$tmp/tree" || return
	else
		tar -xof "$tmp/file" -C "$tmp/tree" "$@" || return
	fi
	set +f
	# shellcheck disable=SC2086 # a pattern: as many folders as are dropped
	cp -RPf "$tmp"/tree$strip/. "$dest"
)
ask() { # becomes the client that adds bytes $start to $end to $part
	range=bytes=$start-$end
	[ "$count" -gt 1 ] || range='bytes=0-'
	[ -z "$secret" ] || private
	case $client in
	busybox) # takes a range only behind a byte it has (-c), hence the seed
		set -- -q -T 20 "$url"
		[ "$count" -gt 1 ] || exec wget -O - "$@" >>"$part"
		exec wget -c -O "$part" --header "Range: $range" "$@"
		;;
	gnu)
		set -- -nv -T 20 -t 1 --start-pos="$start" "$url"
		exec wget -O - --header "Range: $range" "$@" >>"$part"
		;;
	curl)
		set -- -fsSL --connect-timeout 20 -y 20 -Y 1 -H "Range: $range"
		exec curl "$@" "$url" >>"$part"
		;;
	esac
}
put() { # the file, or what is in it, goes where it belongs
	case $dest in */) tree; return ;; esac
	chmod "$mode" "$tmp/file" && mv -f "$tmp/file" "$dest"
}
get() { # NAME: all of it in its place, or nothing
	name=$1 began=$(date +%s)
	pin "$name"
	dest=$root$dest
	if ! mkdir -p "${dest%/*}/" || ! tmp=$(mktemp -d "${dest%/*}/.emit.XXXXXX")
	then
		die 3 "cannot write to ${dest%/*}/"
	fi
	fetch
	put || die 3 "cannot put $name to $dest"
	rm -rf "$tmp"
	tmp=''
	say "$name: $size bytes in $(($(date +%s) - began)) s, verified: $dest"
	[ -n "$root" ] || [ -z "$check" ] || sh -c "$check" ||
		die 1 "$name does not run: $check"
}
main() {
	cache='' root='' process=4 limit=300 quiet='' worker='' tmp='' pids=''
	while getopts :c:r:P:t:qh option; do
		case $option in
		c) cache=$OPTARG ;;
		r) root=${OPTARG%/} ;;
		P) number 1 16; process=$OPTARG ;;
		t) number 0 99999; limit=$OPTARG ;;
		q) quiet=1 ;;
		h) sed -n '1d; /^#/!q; s/^# \{0,1\}//p' "$0"; exit ;;
		*) die 2 "-$OPTARG: unknown, or no value (-h)" ;;
		esac
	done
	shift "$((OPTIND - 1))"
	# shellcheck disable=SC2086 # names have no blanks
	[ "$#" -gt 0 ] || set -- $NAMES
	trap clean EXIT
	trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
	machine=$(machine) client=$(client)
	[ -z "$cache" ] || mkdir -p "$cache" || die 3 "cannot write to $cache"
	for each in "$@"; do get "$each"; done
}
main "$@"
