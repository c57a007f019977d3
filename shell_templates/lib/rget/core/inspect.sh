inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line; do
		value=${line#*:}; value=${value#"${value%%[! ]*}"}
		case $line in
		HTTP/*) status=${line#* }; status=${status%% *} range='' length='' tag='' ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Rr][Aa][Nn][Gg][Ee]:*) range=$value ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]:*) length=$value ;;
		[Ee][Tt][Aa][Gg]:*) tag=$value ;;
		[Ll][Aa][Ss][Tt]-[Mm][Oo][Dd]*:*) tag=${tag:-$value} ;;
		[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]:*) status='' && locate ;;
		'') case $status in 2??) return ;; esac ;;
		*'certificate verif'* | *'TLS connect failed' | *'not implemented')
			die 5 "$target is not verified: see ca-certificates, -s, -k ($line)" ;;
		*'No space left'*) die 3 "the disk of $out is full" ;;
		wget:.) return ;;
		wget:*) [ "$line" = 'wget: restart failed' ] || { why=${line#wget: }; return; } ;;
		*SSL* | *ssl*) code=5 ;;
		esac
	done
}
