#!/bin/sh
# What castage writes by default: an image a stage, pulled, built and pushed.
set -ex
from=
for stage in deps build app test; do
	from=${from:+$from,}$IMAGE:$stage
	docker pull "$IMAGE:$stage" || true
	docker build -t "$IMAGE:$stage" --target="$stage" --cache-from="$from" \
		--network host .
	docker push "$IMAGE:$stage"
done
