# emit: begin jq --style sh
# emit: end jq
