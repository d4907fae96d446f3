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
jobs=${JOBS:-$(sh "$(dirname "$0")/cores.sh")}
# -O1: half the time to build it, and it has little to compile.
common="--target=x86_64-elf --prefix=$prefix --disable-nls --disable-werror
	CFLAGS=-O1 CXXFLAGS=-O1"
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

# make_goals NAME "CONFIGURE-OPTION..." MAKE-TARGET...: in the build directory
make_goals() {
	name=$1 options=$2
	shift 2
	if [ ! -e Makefile ]; then
		# shellcheck disable=SC2086 # options are words
		as_builder "../$name/configure" $common $options || return 1
	fi
	for goal; do
		# Debian's sources of GCC come without its manuals. Its install
		# goal wants to make a part of them new: it has been.
		case $goal in
		install-*)
			[ ! -d gcc ] || as_builder touch gcc/s-tm-texi
			;;
		esac
		as_builder make -j "$jobs" MAKEINFO=true "$goal" || return 1
	done
}

# build TARBALL NAME "CONFIGURE-OPTION..." MAKE-TARGET...
build() {
	tarball=$1
	shift
	[ ! -e "$work/$1.done" ] || return 0
	unpack "$1" "$tarball"
	log=$work/$1.log
	echo "Building $1 with $jobs jobs; its log is $log"
	as_builder mkdir -p "$work/$1-build"
	cd "$work/$1-build"
	make_goals "$@" > "$log" 2>&1 || {
		grep -anE '[*]{3}|error:' "$log" | tail -n 20 >&2
		echo "toolchain: building $1 failed, see $log" >&2
		exit 1
	}
	touch "$work/$1.done"
}

# The newest there is.
# shellcheck disable=SC2012 # the names are Debian's
binutils=$(ls /usr/src/binutils/binutils-*.tar.* 2> /dev/null | tail -n 1)
# shellcheck disable=SC2012
gcc=$(ls /usr/src/gcc-[0-9]*/gcc-*.tar.* 2> /dev/null |
	sort -t - -k 2n | tail -n 1)
if [ -z "$binutils" ] || [ -z "$gcc" ]; then
	echo "toolchain: no sources in /usr/src, only Debian and its like" \
		"have them: sh tools/setup.sh --toolchain" >&2
	exit 1
fi

choose_builder
trap clean_up EXIT
trap 'exit 1' HUP INT TERM PIPE # not every shell does the above then
export PATH="$prefix/bin:$PATH"

build "$binutils" binutils '--disable-gdb --disable-gprofng --disable-sim' \
	all install-strip
build "$gcc" gcc '--enable-languages=c --without-headers --disable-shared
	--disable-threads --disable-libssp --disable-lto --disable-plugin
	--disable-bootstrap --disable-libquadmath --disable-libgomp' \
	all-gcc all-target-libgcc install-strip-gcc install-target-libgcc

rm -rf "$work/binutils-build" "$work/gcc-build" "$work/binutils" "$work/gcc"
"$prefix/bin/x86_64-elf-gcc" --version | head -n 1
echo "The next make uses it."
