home() { # the next try starts at the next mirror, which may tag it otherwise
	origin=${mirrors%% *} mirrors="${mirrors#* }${mirrors%% *} "
	url=$origin; [ "$sources" = 1 ] || mark=''
}
