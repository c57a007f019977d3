home() { # the next try starts at the next mirror
	origin=${mirrors%% *}; mirrors="${mirrors#* }$origin " url=$origin
}
