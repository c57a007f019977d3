"""Downloaders that do one thing wrong each, and one that does enough right."""

SAFE = """\
set -eu
while getopts o:u:P: option; do
	case $option in o) out=$OPTARG ;; u) url=$OPTARG ;; P) ;; *) exit 2 ;; esac
done
trap 'rm -f "$out.part"' EXIT
trap 'kill "$!"; exit 130' INT
trap 'kill "$!"; exit 143' TERM
curl -fsS --max-time 3 -o "$out.part" "$url" & wait "$!"
mv "$out.part" "$out"
"""
PLAIN = 'curl -sS -o "$2" "$4"\n'
SLEEPS = SAFE.replace("curl", "sleep 60; curl")
LITTERS = SAFE.replace("trap 'rm -f", "trap ': rm -f").replace("mv", "cp")
LIES = SAFE.replace('mv "$out.part" "$out"', 'echo wrong >"$out"')
EMPTY = "exit 0\n"
LINGERS = SAFE.replace("mv", "sleep 60 &\nmv")
