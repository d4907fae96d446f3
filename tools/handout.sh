#!/bin/sh
# handout.sh - the tree as students get it.
#
#	LABS="1 2" sh tools/handout.sh BUILD
#
# Makes BUILD/handout.tar.gz: what git knows, as it is here, without answers and
# history; the pieces that the labs LABS are about are taken away. LABS=d1, or
# another diagnosis lab: with that bug.
set -eu

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo 'usage: LABS="N..." sh tools/handout.sh BUILD' >&2
	exit 2
fi
build=$1
root=$build/handout/firstlight
rm -rf "$build/handout"
mkdir -p "$root"

pack() {
	tar -C "$build/handout" --owner=0 --group=0 -czf \
		"$build/handout.tar.gz" firstlight
	echo "  HANDOUT $build/handout.tar.gz"
}

case ${LABS-} in
d | d[0-9]*)
	rmdir "$root"
	BUILD=$build/handout sh tools/python.sh -B tests/labs/lab.py start "$LABS"
	mv "$build/handout"/d[0-9]* "$root"
	pack
	exit
	;;
esac

git ls-files | while read -r file; do
	case $file in
	docs/answers.md | docs/teaching.md | tests/labs/bugs.py | \
		tests/labs/*/wrong/* | \
		tests/labs/*/right/* | tests/labs/submissions/*) continue ;;
	esac
	[ -f "$file" ] || continue
	mkdir -p "$root/$(dirname "$file")"
	cp -p "$file" "$root/$file"
done

# Away from our .git, so that each lab takes the handout for the whole tree.
(
	cd "$root"
	GIT_CEILING_DIRECTORIES=$(dirname "$PWD")
	export GIT_CEILING_DIRECTORIES
	for lab in ${LABS-}; do
		sh tools/python.sh -B tests/labs/lab.py start "$lab"
	done
	find . -name '*.orig' -delete
	[ -z "${LABS-}" ] || sh tools/python.sh -B tools/docs update
)
pack
