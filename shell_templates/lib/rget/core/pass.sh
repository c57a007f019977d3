pass() { [ -n "$full" ] || read -r line; cat; } <"got$n" # without its seed
