say() { printf '%s\n' "${clear}rget.sh: $1" >&9; } # LINE: to people
