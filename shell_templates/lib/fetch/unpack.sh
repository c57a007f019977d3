unpack() { # the file that is packed in $tmp/file takes its place
	case $how in
	tar) tar -xOf "$tmp/file" "$members" ;;
	zip) unzip -p "$tmp/file" "$members" ;;
	gz) gunzip -c <"$tmp/file" ;;
	xz) unxz -c <"$tmp/file" ;;
	bz2) bunzip2 -c <"$tmp/file" ;;
	esac >"$tmp/out" && [ -s "$tmp/out" ] && mv "$tmp/out" "$tmp/file"
}
