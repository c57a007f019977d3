# shellcheck shell=sh
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
