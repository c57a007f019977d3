inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line; do
		line=${line%[[:cntrl:]]}; text=${line#*:}; text=${text#"${text%%[! ]*}"}
		case $line in
		HTTP/*) text=${line#* } status=${text%% *} range='' length='' tag='' ;;
		[Cc]*-[Rr]*:*bytes\ *) range=$text ;;
		[Cc]*-[Ll][Ee]*:*) length=$text ;;
		[Rr]*-[Aa]*:*) after=$text ;;
		[Ee][Tt][Aa][Gg]:*) tag=$text ;;
		[Ll]*-[Mm]*:*) tag=${tag:-$text} ;;
		[Ll][Oo][Cc]*:*) locate ;;
		'' | .) case $line$status in .* | 2??) return ;; esac ;;
		*'certificate '[opv]* | *'TLS connect failed')
			refuse 5 "$target not verified: see -k, -s, /etc/ssl ($line)" ;;
		*'No space left'*) die 3 "$out: disk full" ;;
		WARNING:* | 'wget: restart failed') ;;
		*redirections) refuse 8 "$origin: ${line#*: }" ;;
		wget:* | curl:*) why=${line#*: }; return ;;
		*SSL* | *ssl*) code=5 ;;
		esac
	done
}
