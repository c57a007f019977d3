#!/bin/sh
# A cache in the registry as it is without mode=max.
set -eu
ref=type=registry,ref=$IMAGE:cache
docker buildx build -t "$IMAGE:latest" --network host \
	--cache-from "$ref" --cache-to "$ref,mode=min" .
