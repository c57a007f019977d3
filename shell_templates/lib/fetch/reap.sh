reap() { # PID: ends it and what it started, such as the ssl_client of wget
	for pid in $(pgrep -P "$1" 2>/dev/null); do reap "$pid"; done
	kill "$1" 2>/dev/null || :
}
