verify() { # all that was passed has the digest that is expected
	read -r found _ <sum; code=9 why="$origin: expected $digest, got $found"
	[ "$found" = "$digest" ]
}
