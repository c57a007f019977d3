inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line; do
		text=${line#*:}; text=${text#"${text%%[! ]*}"}
		case $line in
		HTTP/*) text=${line#* } status=${text%% *} range='' length='' tag='' ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Rr][Aa][Nn][Gg][Ee]:*) range=$text ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]:*) length=$text ;;
		[Ee][Tt][Aa][Gg]:*) tag=$text ;;
		[Ll][Aa][Ss][Tt]-[Mm][Oo][Dd]*:*) tag=${tag:-$text} ;;
		[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]:*) locate ;;
		'') case $status in 2??) return ;; esac ;;
		*'certificate verif'* | *'TLS connect failed' | *'not implemented')
			die 5 "$target is not verified: see -k, -s and /etc/ssl ($line)" ;;
		*'No space left'*) die 3 "the disk of $out is full" ;;
		.) return ;;
		'wget: restart failed') ;;
		wget:*) why=${line#wget: }; return ;;
		*SSL* | *ssl*) code=5 ;;
		esac
	done
}
