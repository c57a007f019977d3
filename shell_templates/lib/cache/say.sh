# shellcheck shell=sh
say() { printf '%s: %s\n' "$ME" "$1" >&2; }
