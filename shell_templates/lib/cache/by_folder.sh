# shellcheck shell=sh
by_folder() { # the same in a folder; a new cache takes the old one's place
	folder=${CACHE#*:}/$stage
	[ ! -e "$folder/index.json" ] ||
		set -- "$@" --cache-from "type=local,src=$folder"
	run_build "$@" --cache-to "type=local,mode=max,dest=$folder.new"
	run rm -rf "$folder"
	run mv "$folder.new" "$folder"
}
