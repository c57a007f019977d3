# shellcheck shell=sh
by_registry() { # the layers of all stages in one ref, for each end its own
	for each in $(from "$stage"); do
		set -- "$@" --cache-from "type=registry,ref=$each"
	done
	to=type=registry,mode=max,image-manifest=true,oci-mediatypes=true
	[ "$PUSH" = no ] || set -- "$@" \
		--cache-to "$to,ignore-error=true,ref=$(ref "$stage" "$scope")"
	run_build "$@"
}
