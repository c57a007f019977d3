#!/bin/sh
# build.sh: builds an image so that what did not change is in a cache
#
#   inner  deps tools, build
#   leaf   test lint
#   image  app
# Written by emit cache VERSION: do not edit, write it again.
#
# usage: [NAME=VALUE]... sh build.sh [-n]
#   -n        print the commands; build, pull and push nothing
#   IMAGE     what the image is called
#   TAG       its tag
#   CACHE     auto, registry, inline, local:DIR, push-pull or none
#   BRANCH    whose cache is used and written (by default what the CI says)
#   FALLBACK  whose cache is used besides
#   PUSH      no: nothing is pushed, and no cache written to a registry
#
# A cache that is missing, or that cannot be read or written, is no failure.
# exit: 1 a build or a push failed 2 usage, or this docker cannot do that
set -eu
ME=build.sh
IMAGE=${IMAGE:-registry.example.com/team/app}
TAG=${TAG:-latest}
CACHE=${CACHE:-auto}
FALLBACK=${FALLBACK:-main}
BRANCH=${BRANCH:-${GITHUB_HEAD_REF:-${GITHUB_REF_NAME:-}}}
BRANCH=${BRANCH:-${CI_COMMIT_REF_NAME:-$FALLBACK}}
PUSH=${PUSH:-yes}
FILE=Dockerfile
CONTEXT=.
STAGES='deps tools build test lint app'
# what the classic builder cannot build
BUILDKIT=''
# what it cannot take from a cache if containerd keeps the images
METADATA='Dockerfile:21 (CMD)'

say() { printf '%s: %s\n' "$ME" "$1" >&2; }
die() { # CODE MESSAGE
	say "$2"
	exit "$1"
}
run() { # COMMAND...: says it, and does it unless -n was given
	printf '+ %s\n' "$*" >&2
	[ -z "$dry" ] || return 0
	"$@" &
	job=$! status=0
	wait "$job" || status=$?
	job=''
	return "$status"
}
clean() { # at EXIT: nothing runs on, nothing is left, and the status stays
	code=$?
	trap '' HUP INT TERM
	for pid in $pids $job; do kill "${pid##*:}" 2>/dev/null || :; done
	wait
	[ -z "$tmp" ] || rm -rf "$tmp"
	exit "$code"
}
slug() { # TEXT: as the tag of an image may hold it
	printf '%s\n' "$1" | LC_ALL=C sed 's/[^A-Za-z0-9_.-]/-/g' | cut -b 1-60
}
ref() { # STAGE SCOPE: where the cache of a stage is kept
	printf '%s:cache-%s-%s\n' "$IMAGE" "$1" "$2"
}
from() { # STAGE...: the refs that a build looks at, one a line
	for each in "$@"; do
		ref "$each" "$scope"
		[ "$scope" = "$fallback" ] || ref "$each" "$fallback"
	done
}
store() { # how the engine keeps images: containerd or graph
	case $(docker info -f '{{.DriverStatus}}') in
	*io.containerd.snapshotter*) echo containerd ;;
	*) echo graph ;;
	esac
}
engine() { # what builds here: classic, builder, or by its store
	docker version >/dev/null || die 1 'docker does not answer'
	case ${DOCKER_BUILDKIT:-1} in 0 | false) echo classic; return ;; esac
	if ! docker buildx version >/dev/null 2>&1; then
		echo classic
	elif ! docker buildx inspect | grep -q '^Driver: *docker$'; then
		echo builder
	else
		store
	fi
}
able() { # whether the classic builder can build this, and take it from a cache
	[ -z "$BUILDKIT" ] ||
		die 2 "$BUILDKIT needs BuildKit, which docker has by its plugin buildx"
	[ -n "$METADATA" ] && [ "$(store)" = containerd ] || return 0
	say "containerd's store: a cached $METADATA breaks the classic builder"
	case $how in
	auto) how=none ;;
	local | push-pull) die 2 "CACHE=$how: take none, or get buildx" ;;
	esac
}
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
pull() { # STAGE: its image, which is its cache
	for each in $(from "$1"); do
		run docker pull -q "$each" && return
	done
	say "there is no cache of $1"
}
recall() { # what an earlier run has kept, as far as it must be brought here
	folder=${CACHE#*:}
	case $how in
	push-pull) for stage in $STAGES; do pull "$stage"; done ;;
	local | load)
		if ! run mkdir -p "$folder" || [ -z "$dry" ] && [ ! -w "$folder" ]; then
			say "cannot write $folder: building without a cache"
			how=none staged=''
		fi
		;;
	esac
	[ "$how" = load ] && [ -e "$folder/images.tar" ] || return 0
	run docker load -q -i "$folder/images.tar" ||
		say "$folder/images.tar is damaged: building without it"
}
save() { # the images of all stages, for recall
	[ "$how" = load ] || return 0
	set --
	for each in $STAGES; do
		set -- "$@" "$(ref "$each" "$scope")"
	done
	folder=${CACHE#*:}
	if ! run docker save -o "$folder/new.tar" "$@" ||
		! run mv "$folder/new.tar" "$folder/images.tar"
	then
		say "cannot write $folder: the next run builds all again"
	fi
}
by_registry() { # the layers of all stages in one ref, for each end its own
	for each in $(from "$stage"); do
		set -- "$@" --cache-from "type=registry,ref=$each"
	done
	to=type=registry,mode=max,image-manifest=true,oci-mediatypes=true
	[ "$PUSH" = no ] || set -- "$@" \
		--cache-to "$to,ignore-error=true,ref=$(ref "$stage" "$scope")"
	run_build "$@"
}
by_folder() { # the same in a folder; a new cache takes the old one's place
	folder=${CACHE#*:}/$stage
	[ ! -e "$folder/index.json" ] ||
		set -- "$@" --cache-from "type=local,src=$folder"
	run_build "$@" --cache-to "type=local,mode=max,dest=$folder.new"
	run rm -rf "$folder"
	run mv "$folder.new" "$folder"
}
by_inline() { # in the images themselves, one for each stage
	# shellcheck disable=SC2086 # names have no blanks
	for each in $(from $STAGES); do
		set -- "$@" --cache-from "$each"
	done
	run_build "$@" --cache-to type=inline
}
by_images() { # images of all stages, which are here: pulled, loaded or built
	# shellcheck disable=SC2086 # names have no blanks
	for each in $(from $STAGES); do
		! docker image inspect "$each" >/dev/null 2>&1 ||
			set -- "$@" --cache-from "$each"
	done
	[ "$engine" = classic ] || set -- "$@" --cache-to type=inline
	run_build "$@"
}
run_build() { # OPTION...
	if [ "$engine" = classic ]; then
		run env DOCKER_BUILDKIT=0 docker build "$@" "$CONTEXT"
	else
		run docker buildx build "$@" "$CONTEXT"
	fi
}
together() { # WHAT STAGE...: at the same time; logs in order, no failure lost
	what=$1
	shift
	if [ "$#" = 1 ]; then
		"$what" "$1"
		return
	fi
	pids='' failed=''
	for each in "$@"; do
		{
			trap 'kill "$job" 2>/dev/null; exit 143' TERM
			"$what" "$each"
		} >"$tmp/$each.log" 2>&1 &
		pids="$pids $each:$!"
	done
	for pid in $pids; do
		wait "${pid##*:}" || failed="$failed ${pid%:*}"
		cat "$tmp/${pid%:*}.log" >&2
	done
	pids=''
	[ -z "$failed" ] || die 1 "failed:$failed"
}
share() { # STAGE: push its image, which is its cache
	[ "$PUSH" != no ] && [ "$how" != load ] || return 0
	run docker push -q "$(ref "$1" "$scope")" ||
		say "cannot push the cache of $1: the next run builds it again"
}
leaf() { # STAGE: build it for its cache, and because it may be a test
	if [ -n "$staged" ]; then
		build "$1" --tag "$(ref "$1" "$scope")"
		share "$1"
	elif [ "$engine" = classic ]; then
		build "$1"
	else
		build "$1" --output type=cacheonly
	fi
}
inner() { # STAGE...: on their own where the cache is kept stage by stage
	[ -z "$staged" ] || together leaf "$@"
}
image() { # STAGE: build it under its name, and push that
	set -- "$1" --tag "$IMAGE:$(tag "$1")"
	[ -z "$staged" ] || set -- "$@" --tag "$(ref "$1" "$scope")"
	[ "$engine:$PUSH" != builder:no ] || set -- "$@" --load
	[ "$engine" != builder ] || [ "$PUSH" = no ] || set -- "$@" --push
	build "$@"
	[ -z "$staged" ] || share "$1"
	[ "$engine" = builder ] || [ "$PUSH" = no ] ||
		run docker push -q "$3"
}
tag() { # STAGE: of its image
	printf '%s\n' "$TAG"
}
build() { # STAGE OPTION...: docker build, with the cache that was chosen
	stage=$1
	shift
	set -- "$@" --file "$FILE"
	set -- "$@" --target "$stage"
	case $how in
	registry) by_registry "$@" ;;
	local) by_folder "$@" ;;
	inline) by_inline "$@" ;;
	load | push-pull) by_images "$@" ;;
	none) run_build "$@" ;;
	esac
}
main() {
	dry='' tmp='' pids='' job=''
	case ${1:-} in
	'') ;;
	-n) dry=1 ;;
	-h) sed -n '1d; /^#/!q; s/^# \{0,1\}//p' "$0"; exit ;;
	*) die 2 "$1: unknown (-h)" ;;
	esac
	trap clean EXIT
	trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
	tmp=$(mktemp -d)
	scope=$(slug "$BRANCH") fallback=$(slug "$FALLBACK")
	engine=$(engine)
	choose
	recall
	inner 'deps' 'tools'
	inner 'build'
	together leaf 'test' 'lint'
	together image 'app'
	save
}
main "$@"
