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
