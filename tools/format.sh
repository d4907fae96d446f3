#!/bin/sh
# format.sh - format C as clang-format has it, but keep hand-aligned tables.
#
#	sh tools/format.sh [--check] FILE...
#
# A line that differs from clang-format's only in the white space inside it
# stays as it is. With --check nothing is written: prints what would change,
# status 1 when something would.
set -eu

check=no
if [ "${1-}" = --check ]; then
	check=yes
	shift
fi
if [ $# -eq 0 ] || [ "$1" = --help ]; then
	echo "usage: format.sh [--check] FILE..." >&2
	exit 2
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM PIPE # not every shell does the above then

# Keeps the white space that lines start with; one blank for each other run.
inner_space() {
	awk '{
		match($0, /^[ \t]*/)
		rest = substr($0, RLENGTH + 1)
		gsub(/[ \t]+/, " ", rest)
		print substr($0, 1, RLENGTH) rest
	}' "$@"
}

# merge FILE: clang-format's lines where they say something else, else ours.
# diff numbers unchanged lines by the first file, new ones by the second.
merge() {
	diff --unchanged-line-format='0 %dn
' --old-line-format='' --new-line-format='1 %dn
' "$scratch/is" "$scratch/should" |
		awk -v ours="$1" -v theirs="$scratch/formatted" '
		BEGIN {
			while ((getline line < ours) > 0) own[++n] = line
			while ((getline line < theirs) > 0) new[++m] = line
		}
		{ print $1 ? new[$2] : own[$2] }'
}

formatter=${CLANG_FORMAT:-clang-format}
status=0
for file; do
	"$formatter" "$file" > "$scratch/formatted"
	inner_space "$file" > "$scratch/is"
	inner_space "$scratch/formatted" > "$scratch/should"
	cmp -s "$scratch/is" "$scratch/should" && continue
	if [ $check = yes ]; then
		diff -u --label "$file" --label "$file by clang-format" \
			"$scratch/is" "$scratch/should" || status=1
	else
		merge "$file" > "$scratch/merged" || :
		cat "$scratch/merged" > "$file"
		echo "$file"
	fi
done
exit $status
