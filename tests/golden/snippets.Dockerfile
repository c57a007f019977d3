FROM scratch AS jq-amd64
ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000001 \
	https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-amd64 \
	/jq

FROM scratch AS jq-arm64
ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000002 \
	https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-arm64 \
	/jq

# hadolint ignore=DL3006
FROM jq-${TARGETARCH} AS jq

FROM scratch AS tool-amd64
ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000001 \
	https://github.com/o/tool/releases/download/v1.2/tool_1.2_amd64.tar.gz \
	/tool

FROM scratch AS tool-arm64
ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000002 \
	https://github.com/o/tool/releases/download/v1.2/tool_1.2_arm64.tar.gz \
	/tool

# hadolint ignore=DL3006
FROM tool-${TARGETARCH} AS tool

FROM alpine:3.20

RUN set -eux; \
	apkArch="$(apk --print-arch)"; \
	case "$apkArch" in \
		'x86_64') \
			url='https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-amd64'; \
			sha256='0000000000000000000000000000000000000000000000000000000000000001'; \
			;; \
		'aarch64') \
			url='https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-arm64'; \
			sha256='0000000000000000000000000000000000000000000000000000000000000002'; \
			;; \
		*) \
			echo >&2 "error: there is no jq for $apkArch"; \
			exit 1; \
			;; \
	esac; \
	\
	for pause in 1 4 16 64 0; do \
		wget -q -T 20 -O /usr/local/bin/jq "$url" && break; \
		sleep "$pause"; \
	done; \
	printf '%s  %s\n' "$sha256" /usr/local/bin/jq >/usr/local/bin/jq.sha256; \
	sha256sum -c /usr/local/bin/jq.sha256; \
	rm /usr/local/bin/jq.sha256; \
	chmod 0755 /usr/local/bin/jq; \
	\
	jq --version

RUN set -eux; \
	apkArch="$(apk --print-arch)"; \
	case "$apkArch" in \
		'x86_64') \
			url='https://github.com/o/tool/releases/download/v1.2/tool_1.2_amd64.tar.gz'; \
# the whole: sha256 0000000000000000000000000000000000000000000000000000000000000001
			block=4194304; \
			sums=' \
				0000000000000000000000000000000000000000000000000000000000000010 \
				0000000000000000000000000000000000000000000000000000000000000011 \
				0000000000000000000000000000000000000000000000000000000000000012 \
				0000000000000000000000000000000000000000000000000000000000000013 \
				0000000000000000000000000000000000000000000000000000000000000014 \
			'; \
			;; \
		'aarch64') \
			url='https://github.com/o/tool/releases/download/v1.2/tool_1.2_arm64.tar.gz'; \
# the whole: sha256 0000000000000000000000000000000000000000000000000000000000000002
			block=4194304; \
			sums=' \
				0000000000000000000000000000000000000000000000000000000000000020 \
				0000000000000000000000000000000000000000000000000000000000000021 \
				0000000000000000000000000000000000000000000000000000000000000022 \
				0000000000000000000000000000000000000000000000000000000000000023 \
				0000000000000000000000000000000000000000000000000000000000000024 \
			'; \
			;; \
		*) \
			echo >&2 "error: there is no tool for $apkArch"; \
			exit 1; \
			;; \
	esac; \
	\
# a block is a file behind one byte of ours: busybox wget takes a range only so
	verified() { \
		[ "$({ read -r _; sha256sum; } <"$1")" = "$2  -" ]; \
	}; \
	block() { \
		part="$parts/$2.$1"; \
		range="$(($1 * block))-$(($1 * block + block - 1))"; \
		[ ! -e "$part" ] || ! verified "$part" "$2" || return 0; \
		for pause in 0 1 4 16 64; do \
			sleep "$pause"; \
			echo >"$part"; \
			wget -q -T 20 -c -O "$part" --header "Range: bytes=$range" "$url" || continue; \
			! verified "$part" "$2" || return 0; \
		done; \
		return 1; \
	}; \
	parts=/usr/local/bin/tool.tar.gz.parts; \
	mkdir "$parts"; \
	pids=''; \
	for worker in 0 1 2 3; do \
		n=0; \
		for sum in $sums; do \
			[ "$((n % 4))" -ne "$worker" ] || block "$n" "$sum" || exit 1; \
			n="$((n + 1))"; \
		done & \
		pids="$pids $!"; \
	done; \
	for pid in $pids; do \
		wait "$pid"; \
	done; \
	n=0; \
	for sum in $sums; do \
		{ read -r _; cat; } <"$parts/$sum.$n"; \
		n="$((n + 1))"; \
	done >/usr/local/bin/tool.tar.gz; \
	rm -r "$parts"; \
	\
	tar -xOf /usr/local/bin/tool.tar.gz 'tool-1.2/tool' >/usr/local/bin/tool; \
	rm /usr/local/bin/tool.tar.gz; \
	chmod 0755 /usr/local/bin/tool; \
	\
	sh -c 'tool --version && true'

RUN --mount=type=cache,id=emit,target=/var/cache/emit,sharing=locked \
	set -eux; \
	apkArch="$(apk --print-arch)"; \
	case "$apkArch" in \
		'x86_64') \
			url='https://github.com/o/tool/releases/download/v1.2/tool_1.2_amd64.tar.gz'; \
# the whole: sha256 0000000000000000000000000000000000000000000000000000000000000001
			block=4194304; \
			sums=' \
				0000000000000000000000000000000000000000000000000000000000000010 \
				0000000000000000000000000000000000000000000000000000000000000011 \
				0000000000000000000000000000000000000000000000000000000000000012 \
				0000000000000000000000000000000000000000000000000000000000000013 \
				0000000000000000000000000000000000000000000000000000000000000014 \
			'; \
			;; \
		'aarch64') \
			url='https://github.com/o/tool/releases/download/v1.2/tool_1.2_arm64.tar.gz'; \
# the whole: sha256 0000000000000000000000000000000000000000000000000000000000000002
			block=4194304; \
			sums=' \
				0000000000000000000000000000000000000000000000000000000000000020 \
				0000000000000000000000000000000000000000000000000000000000000021 \
				0000000000000000000000000000000000000000000000000000000000000022 \
				0000000000000000000000000000000000000000000000000000000000000023 \
				0000000000000000000000000000000000000000000000000000000000000024 \
			'; \
			;; \
		*) \
			echo >&2 "error: there is no tool for $apkArch"; \
			exit 1; \
			;; \
	esac; \
	\
# a block is a file behind one byte of ours: busybox wget takes a range only so
	verified() { \
		[ "$({ read -r _; sha256sum; } <"$1")" = "$2  -" ]; \
	}; \
	block() { \
		part="$parts/$2.$1"; \
		range="$(($1 * block))-$(($1 * block + block - 1))"; \
		[ ! -e "$part" ] || ! verified "$part" "$2" || return 0; \
		for pause in 0 1 4 16 64; do \
			sleep "$pause"; \
			echo >"$part"; \
			wget -q -T 20 -c -O "$part" --header "Range: bytes=$range" "$url" || continue; \
			! verified "$part" "$2" || return 0; \
		done; \
		return 1; \
	}; \
	parts=/var/cache/emit; \
	pids=''; \
	for worker in 0 1 2 3; do \
		n=0; \
		for sum in $sums; do \
			[ "$((n % 4))" -ne "$worker" ] || block "$n" "$sum" || exit 1; \
			n="$((n + 1))"; \
		done & \
		pids="$pids $!"; \
	done; \
	for pid in $pids; do \
		wait "$pid"; \
	done; \
	n=0; \
	for sum in $sums; do \
		{ read -r _; cat; } <"$parts/$sum.$n"; \
		n="$((n + 1))"; \
	done >/usr/local/bin/tool.tar.gz; \
	\
	tar -xOf /usr/local/bin/tool.tar.gz 'tool-1.2/tool' >/usr/local/bin/tool; \
	rm /usr/local/bin/tool.tar.gz; \
	chmod 0755 /usr/local/bin/tool; \
	\
	sh -c 'tool --version && true'

RUN --mount=type=bind,source=rget.sh,target=/rget.sh \
	set -eux; \
	apkArch="$(apk --print-arch)"; \
	case "$apkArch" in \
		'x86_64') \
			url='https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-amd64'; \
			sha256='0000000000000000000000000000000000000000000000000000000000000001'; \
			;; \
		'aarch64') \
			url='https://github.com/jqlang/jq/releases/download/jq-1.7.1/jq-linux-arm64'; \
			sha256='0000000000000000000000000000000000000000000000000000000000000002'; \
			;; \
		*) \
			echo >&2 "error: there is no jq for $apkArch"; \
			exit 1; \
			;; \
	esac; \
	\
	sh /rget.sh -u "$url" -o /usr/local/bin/jq -s "sha256:$sha256"; \
	chmod 0755 /usr/local/bin/jq; \
	\
	jq --version

RUN --mount=type=bind,source=rget.sh,target=/rget.sh \
	set -eux; \
	apkArch="$(apk --print-arch)"; \
	case "$apkArch" in \
		'x86_64') \
			url='https://github.com/o/tool/releases/download/v1.2/tool_1.2_amd64.tar.gz'; \
			sha256='0000000000000000000000000000000000000000000000000000000000000001'; \
			;; \
		'aarch64') \
			url='https://github.com/o/tool/releases/download/v1.2/tool_1.2_arm64.tar.gz'; \
			sha256='0000000000000000000000000000000000000000000000000000000000000002'; \
			;; \
		*) \
			echo >&2 "error: there is no tool for $apkArch"; \
			exit 1; \
			;; \
	esac; \
	\
	sh /rget.sh -u "$url" -o /usr/local/bin/tool.tar.gz -s "sha256:$sha256"; \
	\
	tar -xOf /usr/local/bin/tool.tar.gz 'tool-1.2/tool' >/usr/local/bin/tool; \
	rm /usr/local/bin/tool.tar.gz; \
	chmod 0755 /usr/local/bin/tool; \
	\
	sh -c 'tool --version && true'

COPY --from=jq --chmod=0755 /jq /usr/local/bin/jq
RUN jq --version

RUN --mount=type=bind,from=tool,source=/tool,target=/mnt/tool \
	set -eux; \
	tar -xOf /mnt/tool 'tool-1.2/tool' >/usr/local/bin/tool; \
	chmod 0755 /usr/local/bin/tool; \
	\
	sh -c 'tool --version && true'

RUN --mount=type=bind,source=get-tool.sh,target=/get-tool.sh \
	--mount=type=cache,id=emit,target=/var/cache/emit,sharing=locked \
	sh /get-tool.sh -c /var/cache/emit
