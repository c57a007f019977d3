#!/bin/sh
# The usual recipe: the image is its own cache. The test is built and not kept.
set -eu
docker buildx build --target test --network host .
docker buildx build -t "$IMAGE:latest" --network host \
	--cache-from "$IMAGE:latest" --cache-to type=inline .
docker push "$IMAGE:latest"
