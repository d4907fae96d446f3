#!/bin/sh
# toolchain.sh - build x86_64-elf-gcc and binutils under BUILD/toolchain.
#
#	sh tools/toolchain.sh BUILD
#
# From the distribution's source packages; nothing else is downloaded. Takes
# most of an hour on two cores. The Makefile prefers the result when it is
# there. A second call goes on where the first was stopped.
set -eu

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: toolchain.sh BUILD" >&2
	exit 2
fi
mkdir -p "$1/toolchain/work"
prefix=$(cd "$1/toolchain" && pwd)
work=$prefix/work
jobs=${JOBS:-$(nproc)}
common="--target=x86_64-elf --prefix=$prefix --disable-nls --disable-werror"
nobody=65534

# GCC's build, run by root, has been seen to replace /dev/null by a file. So
# root's build runs as nobody; only where nobody can't reach the directory,
# root does it, and /dev/null is looked after.
as_builder() {
	if [ "$builder" = nobody ]; then
		HOME=$work setpriv --reuid=$nobody --regid=$nobody \
			--clear-groups "$@"
	else
		"$@"
	fi
}

choose_builder() {
	builder=me
	[ "$(id -u)" -eq 0 ] || return 0
	chown -R $nobody:$nobody "$prefix"
	builder=nobody
	as_builder test -w "$work" 2> /dev/null || builder=me
}

# At every exit.
clean_up() {
	if [ ! -c /dev/null ]; then
		echo "toolchain: /dev/null was replaced, restoring it" >&2
		rm -f /dev/null
		mknod -m 666 /dev/null c 1 3
	fi
	[ "$builder" = me ] || chown -R 0:0 "$prefix"
}

# unpack NAME TARBALL: to work/NAME
unpack() {
	[ ! -d "$work/$1" ] || return 0
	echo "Unpacking $2"
	rm -rf "$work/unpacked"
	as_builder mkdir "$work/unpacked"
	as_builder tar -C "$work/unpacked" --no-same-owner -xf "$2"
	mv "$work"/unpacked/* "$work/$1"
	rmdir "$work/unpacked"
}

# build NAME "CONFIGURE-OPTION..." MAKE-TARGET...
build() {
	name=$1 options=$2
	shift 2
	[ ! -e "$work/$name.done" ] || return 0
	log=$work/$name.log
	echo "Building $name with $jobs jobs; its log is $log"
	as_builder mkdir -p "$work/$name-build"
	cd "$work/$name-build"
	# shellcheck disable=SC2086 # options are words
	{
		[ -e Makefile ] ||
			as_builder "../$name/configure" $common $options
		for goal; do
			as_builder make -j "$jobs" MAKEINFO=true "$goal"
		done
	} > "$log" 2>&1 || {
		tail -n 20 "$log" >&2
		echo "toolchain: building $name failed, see $log" >&2
		exit 1
	}
	touch "$work/$name.done"
}

# The newest there is.
# shellcheck disable=SC2012 # the names are Debian's
binutils=$(ls /usr/src/binutils/binutils-*.tar.* 2> /dev/null | tail -n 1)
# shellcheck disable=SC2012
gcc=$(ls /usr/src/gcc-[0-9]*/gcc-*.tar.* 2> /dev/null | sort -V | tail -n 1)
if [ -z "$binutils" ] || [ -z "$gcc" ]; then
	echo "toolchain: no sources in /usr/src, only Debian and its like" \
		"have them: sh tools/setup.sh --toolchain" >&2
	exit 1
fi

choose_builder
trap clean_up EXIT
export PATH="$prefix/bin:$PATH"

unpack binutils "$binutils"
build binutils '--disable-gdb --disable-gprofng --disable-sim' \
	all install-strip
unpack gcc "$gcc"
build gcc '--enable-languages=c --without-headers --disable-shared
	--disable-threads --disable-libssp --disable-lto --disable-plugin
	--disable-bootstrap --disable-libquadmath --disable-libgomp' \
	all-gcc all-target-libgcc install-strip-gcc install-target-libgcc

rm -rf "$work/binutils-build" "$work/gcc-build" "$work/binutils" "$work/gcc"
"$prefix/bin/x86_64-elf-gcc" --version | head -n 1
echo "The next make uses it."
