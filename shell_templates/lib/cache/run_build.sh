# shellcheck shell=sh
run_build() { # OPTION...
	if [ "$engine" = classic ]; then
		run env DOCKER_BUILDKIT=0 docker build "$@" "$CONTEXT"
	else
		run docker buildx build "$@" "$CONTEXT"
	fi
}
