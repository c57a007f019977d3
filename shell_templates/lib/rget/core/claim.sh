claim() { (set -C && echo "$2" >"$1") 2>/dev/null; } # FILE TEXT: for one alone
