say() { [ -n "$quiet" ] || printf '%s: %s\n' "$ME" "$1" >&2; }
