#!/bin/sh
# What castage -buildkit writes: inline caches, and refs that lack the image.
set -ex
export DOCKER_BUILDKIT=1
build() { # TAG OPTION...
	tag=$1
	shift
	docker build -t "$IMAGE:$tag" "$@" --build-arg BUILDKIT_INLINE_CACHE=1 \
		--cache-from=deps,build,test,app --network host .
}
build app
build deps --target deps &
build build --target build &
build test --target test &
wait
for stage in app deps build test; do
	docker push "$IMAGE:$stage" &
done
wait
