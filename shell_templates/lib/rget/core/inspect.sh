inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line; do
		line=${line%[[:cntrl:]]}; text=${line#*:}; text=${text#"${text%%[! ]*}"}
		case $line in
		HTTP/*) text=${line#* } status=${text%% *} range='' length='' tag='' ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Rr][Aa]*:*) range=$text ;;
		[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee]*:*) length=$text ;;
		[Ee][Tt][Aa][Gg]:*) tag=$text ;;
		[Ll][Aa][Ss][Tt]-[Mm]*:*) tag=${tag:-$text} ;;
		[Ll][Oo][Cc][Aa]*:*) locate ;;
		'') case $status in 2??) return ;; esac ;;
		*'certificate '[opv]* | *'TLS connect failed')
			die 5 "$target is not verified: see -k, -s, /etc/ssl ($line)" ;;
		*'No space left'*) die 3 "the disk of $out is full" ;;
		.) return ;;
		WARNING:* | 'wget: restart failed') ;;
		*redirections) die 8 "$origin: ${line#*: }" ;;
		*'option: S') die 2 'wget too old: --with portable' ;;
		wget:* | curl:*) why=${line#*: }; return ;;
		*SSL* | *ssl*) code=5 ;;
		esac
	done
}
