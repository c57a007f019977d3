#!/bin/sh
# Images saved and loaded, without the cache metadata that BuildKit wants.
set -eu
[ ! -e kept.tar ] || docker load -i kept.tar
for stage in deps build test app; do
	docker buildx build -t "$IMAGE:$stage" --target "$stage" --network host \
		--cache-from "$IMAGE:deps" --cache-from "$IMAGE:build" \
		--cache-from "$IMAGE:test" --cache-from "$IMAGE:app" .
done
docker save -o kept.tar "$IMAGE:deps" "$IMAGE:build" "$IMAGE:test" "$IMAGE:app"
