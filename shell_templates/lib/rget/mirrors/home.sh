home() { # the next try starts at the next mirror, which may name the file anew
	origin=${mirrors%% *} mirrors="${mirrors#* }${mirrors%% *} "
	url=$origin
	[ "$mirrors" = "$origin " ] || mark=''
}
