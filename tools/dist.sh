#!/bin/sh
# dist.sh - what a kernel's author needs without the tree, as one archive.
#
#	[MKIMAGE=FILE] sh tools/dist.sh BUILD VERSION
#
# Makes BUILD/firstlight-VERSION.tar.gz: image, mkimage, bootinfo.h, linker
# scripts, examples, the runner, documents, a README (dist.txt). The folders are
# those of the tree, so that the examples' commands hold. The same input gives
# the same bytes where tar is GNU's.
set -eu

if [ $# -ne 2 ] || [ "$1" = --help ]; then
	echo "usage: dist.sh BUILD VERSION" >&2
	exit 2
fi
build=$1
name=firstlight-$2
root=$build/dist/$name

# What lies in the tree stays where it is.
copy() {
	for file; do
		mkdir -p "$root/$(dirname "$file")"
		cp "$file" "$root/$file"
	done
}

rm -rf "$build/dist"
mkdir -p "$root/build"
cp "$build/firstlight.img" "$root/build/"
cp "${MKIMAGE:-$build/mkimage}" "$root/build/mkimage"
cp tools/dist.txt "$root/README"
copy LICENSE CHANGELOG.md VERSION lib/boot/bootinfo.h lib/boot/x86.h \
	docs/boot-protocol.md docs/memory-map.md docs/errors.md \
	docs/hardware.md tests/foreign/kernel.ld tools/run.sh tools/machine.sh \
	tools/scratch.sh tools/guard.sh tools/explain-*.sh
# Not what was built there; nor `program`, which needs our kernel's tree.
(cd examples && find . \( -name target -o -path ./program \) -prune -o \
	-type f ! -name '*.o' ! -name '*.elf' ! -name '*.img' ! -name '*.log' \
	! -name '*.tar' ! -name '*.symbols' ! -name Cargo.lock \
	-print) | sed 's|^\./|examples/|' | sort | while read -r file; do
	copy "$file"
done

options=
if tar --version 2> /dev/null | grep -q GNU; then
	options='--sort=name --owner=0 --group=0 --numeric-owner --mtime=@0'
fi
# shellcheck disable=SC2086 # words
(cd "$build/dist" && tar -cf - $options "$name") |
	gzip -n > "$build/$name.tar.gz"
echo "$build/$name.tar.gz"
