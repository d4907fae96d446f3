#!/bin/sh
# path.sh - the sources from LBA 0 to kmain, in reading order, with lines.
#
#	make path
#
# Nothing is listed by hand. The order is found as a reader would: boot
# sector first; then, from stage 2's entry, each file that the files so far
# include, or whose routines they name, in that order; then the kernel's
# entry. What was linked but nothing names comes last. The tables of lib/boot
# are shared by all stages and are counted apart.
set -eu

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: path.sh BUILD" >&2
	exit 2
fi
build=$1

# source_of STAGE OBJECT
source_of() {
	name=${2#"$build/$1/"}
	name=${name%.o}
	if [ -f "$name.asm" ]; then echo "$name.asm"; else echo "$name.c"; fi
}

# globals FILE NAMES: writes what an object or a program defines into NAMES
globals() {
	"${NM:-nm}" -g --defined-only "$1" > "$2"
}

# symbols STAGE: lines "symbol source" of all globals in a stage's objects, but
# for those that the linker left out
symbols() {
	globals "$build/$1.elf" "$build/path.linked"
	find "$build/$1" -name '*.o' > "$build/path.objects"
	for object in $(sort "$build/path.objects"); do
		source=$(source_of "$1" "$object")
		[ -f "$source" ] || continue
		globals "$object" "$build/path.defined"
		awk -v source="$source" '
			NR == FNR { linked[$3]; next }
			$3 in linked { print $3, source }' \
			"$build/path.linked" "$build/path.defined"
	done
}

# reading_order ENTRY < SYMBOLS: sources, breadth first from ENTRY's.
reading_order() {
	awk -v entry="$1" '
	{ home[$1] = $2; all[++sources] = $2 }
	function visit(file) {
		if (!(file in seen)) {
			seen[file] = 1
			queue[++last] = file
		}
	}
	function include(file,	line) {
		if (file ~ /^boot\//)
			return
		if ((getline line < ("lib/" file)) > 0)
			file = "lib/" file
		else if ((getline line < file) <= 0)
			return
		close(file)
		visit(file)
	}
	# In a header of C, prototypes name everything: only bodies count.
	function mentions(line,	word, n, i) {
		n = split(line, word, /[^A-Za-z0-9_]+/)
		for (i = 1; i <= n; i++)
			if (word[i] in home)
				visit(home[word[i]])
	}
	function scan(file,	line, part, in_comment) {
		while ((getline line < file) > 0) {
			if (line ~ /^[#%]include "/) {
				split(line, part, "\"")
				include(part[2])
			} else if (file ~ /(asm|inc)$/) {
				sub(/;.*/, "", line)
				if (line !~ /^(extern|global)[ \t]/)
					mentions(line)
			} else if (in_comment || line ~ /^[ \t]*\/\*/) {
				in_comment = line !~ /\*\//
			} else if (file !~ /h$/) {
				mentions(line)
			}
		}
		close(file)
	}
	END {
		visit(home[entry])
		for (at = 1; at <= last; at++)
			scan(queue[at])
		for (i = 1; i <= sources; i++)
			visit(all[i])
		for (i = 1; i <= last; i++)
			print queue[i]
	}'
}

count() {
	lines=$(wc -l < "$1")
	total=$((total + lines))
	files=$((files + 1))
	printf '  %3d  %-28s %5d\n' "$files" "$1" "$lines"
}

files=0 total=0
for source in bootsector/*.asm; do
	count "$source"
done
symbols stage2 > "$build/path.symbols"
for source in $(reading_order stage2_start < "$build/path.symbols"); do
	count "$source"
done
symbols kernel > "$build/path.symbols"
entry=$(awk '$1 == "_start" { print $2 }' "$build/path.symbols")
for source in $(printf '%s\n' "$entry" kernel/main.c | awk '!seen[$0]++'); do
	count "$source"
done
printf '       %-28s %5d\n' "$files files from LBA 0 to kmain" "$total"
printf '       %-28s %5d\n' "lib/boot, shared tables" \
	"$(cat lib/boot/*.h | wc -l)"
