inspect() { # what wget prints: the headers of the answer, or its last word
	while read -r line || read -r line; do # SIGCHLD ends one of busybox 1.26
		line=${line%[[:cntrl:]]}; text=${line#*:}; text=${text#"${text%%[! ]*}"}
		case $line in
		HTTP/*) text=${line#* } status=${text%% *} range='' length='' tag='' ;;
		[Cc]*-[Rr]*:*bytes\ *) range=$text ;;
		[Cc]??????-[Ll][Ee]*:*) length=${length:-${text%%[!0-9]*}} ;;
		[Rr]*-[Aa]*:*) after=$text ;; [Ee][Tt][Aa][Gg]:*) tag=$text ;;
		[Ll]*-[Mm]*:*) tag=${tag:-$text} ;;
		[Ll][Oo][Cc]????[Nn]:*) case $status in 3*) locate ;; esac ;;
		'' | .) case $seen$status in 20[06]) accept ;; esac ;;
		*'certificate '[opv]* | *'TLS connect '*)
			refuse 5 "$target not verified: see -k, -s ($line)"
			kill "$child"; end=-2 ;;
		*'No space '*) die 3 "$out: disk full" ;;
		wget:\ res*) ;; # restart failed: it goes on, with the whole file
		*redirections) status=310 why=${line#*: } ;;
		wget* | curl* | nc:*) why=${line#*: } ended=1 ;;
		*SSL* | *ssl*) code=5 ;;
		esac
		case $ended:$child:$line in 1:?*:* | *::.) return ;; esac
	done
}
