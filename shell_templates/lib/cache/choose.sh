# shellcheck shell=sh
choose() { # how: what CACHE is on this engine, or why that cannot be
	how=$CACHE staged=''
	case $CACHE in
	local:?*) how=local ;;
	local | load) how='' ;;
	esac
	case $PUSH in
	yes | no) ;;
	*) die 2 "PUSH=$PUSH is neither yes nor no" ;;
	esac
	[ "$how" != push-pull ] || engine=classic
	[ "$engine" != classic ] || able
	case $how:$engine in
	auto:classic) how=push-pull ;;
	auto:graph) how=inline ;;
	auto:*) how=registry ;;
	local:classic | local:graph) how=load ;;
	registry:classic | registry:graph)
		die 2 'CACHE=registry needs the containerd store, or a buildx builder'
		;;
	inline:classic) die 2 'CACHE=inline needs buildx; take push-pull' ;;
	inline:builder) die 2 'CACHE=inline is no use here; take registry' ;;
	esac
	case $how in
	registry | local | none) ;;
	inline | load | push-pull) staged=1 ;;
	*) die 2 "CACHE=$CACHE is unknown (-h)" ;;
	esac
	say "$engine: CACHE=$how of $scope, else $fallback"
}
