expect() { # $OPTARG as $digest, and sha256 or sha512 as $tool
	digest=$(printf %s "${OPTARG#sha???:}" | tr A-F a-f) trust=1
	tool=sha$((${#digest} * 4))
	case ${OPTARG#"$tool:"} in *[!0-9A-Fa-f]*) tool='' ;; esac
	case $tool in sha256 | sha512) ;; *) die 2 "-s: no digest" ;; esac
}
