#!/bin/sh
# fetch.sh - the source of Bochs, checked and unpacked.
#
#	BOCHS_SOURCE=FILE-OR-FOLDER fetch.sh OUT
#
# OUT           folder to unpack to
# BOCHS_SOURCE  bochs_3.0+dfsg.orig.tar.xz, or a folder with it unpacked;
#               without it Debian's source package is fetched with apt-get, from
#               the mirror that this system uses
set -eu

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: fetch.sh OUT" >&2
	exit 2
fi
out=$1
archive=bochs_3.0+dfsg.orig.tar.xz
sum=78f6c73d4a6472d5130a87ab9dc306d02c7c71ed8e25b3a8ef642e2a7acd282b
release=trixie

fail() {
	echo "page-engine: $*" >&2
	exit 1
}

# fetch FOLDER: the archive by apt-get, into FOLDER. The package lists of
# `release` go there, too: the system's own stay as they are.
fetch() {
	command -v apt-get > /dev/null ||
		fail "Bochs 3.0's source is not here, and without apt-get it" \
			"cannot be fetched. It is $archive of Debian $release" \
			"(pool/main/b/bochs): BOCHS_SOURCE=FILE make page-engine"
	mirror=$(apt-get indextargets --format "\$(REPO_URI)" |
		grep -v security | head -n 1)
	[ -n "$mirror" ] || fail "apt-get knows no mirror: run apt-get update"
	key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -e "$key" ] || fail "no $key: install debian-archive-keyring"
	mkdir -p "$1/lists/partial"
	printf 'deb-src [signed-by=%s] %s %s main\n' \
		"$key" "$mirror" "$release" > "$1/source.list"
	options="-o Dir::Etc::sourcelist=$1/source.list
		-o Dir::Etc::sourceparts=- -o Dir::State::Lists=$1/lists"
	# The archive is all we want: it matters not if the .dsc is gone.
	# shellcheck disable=SC2086 # options are words
	(cd "$1" && apt-get $options update &&
		apt-get $options source --download-only bochs) \
		> "$1/apt.log" 2>&1 || :
	[ -e "$1/$archive" ] || {
		tail -n 3 "$1/apt.log" >&2
		fail "apt-get did not bring $archive (above is why)." \
			"With a copy of it: BOCHS_SOURCE=FILE make page-engine"
	}
}

if [ -d "${BOCHS_SOURCE-}" ]; then
	grep -q 'VERSION="3\.0"\|Version 3\.0' "$BOCHS_SOURCE/configure" \
		"$BOCHS_SOURCE/CHANGES" 2> /dev/null ||
		echo "page-engine: $BOCHS_SOURCE does not look like Bochs 3.0;" \
			"trying all the same" >&2
	rm -rf "$out"
	mkdir -p "$out"
	cp -R "$BOCHS_SOURCE/." "$out"
	exit
fi

if [ -z "${BOCHS_SOURCE-}" ]; then
	scratch=$(mktemp -d)
	trap 'rm -rf "$scratch"' EXIT
	fetch "$scratch"
	BOCHS_SOURCE=$scratch/$archive
fi
[ -e "$BOCHS_SOURCE" ] || fail "there is no $BOCHS_SOURCE"
found=$(sha256sum "$BOCHS_SOURCE" | cut -d ' ' -f 1)
[ "$found" = "$sum" ] ||
	fail "$BOCHS_SOURCE has the SHA-256 $found, not $sum: fetch it again"
rm -rf "$out"
mkdir -p "$out"
tar -xJf "$BOCHS_SOURCE" -C "$out" --strip-components 1
