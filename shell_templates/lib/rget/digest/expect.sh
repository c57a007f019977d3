expect() { # $value as $digest, and sha256 or sha512 as $tool
	digest=$(printf %s "${value#sha???:}" | tr A-F a-f) cut=4
	tool=sha$((${#digest} * 4))
	case $tool:${value#"$tool:"} in *:*[!0-9A-Fa-f]*) ;;
	sha256:* | sha512:*) return ;; esac; die 2 '-s: no digest'
}
