#!/bin/sh
# check-docs.sh - are the documents still true?
#
#	sh tools/check-docs.sh build README.md docs/*.md
#
# Prints "ok NAME" or "not ok NAME" for each check, with the places before,
# and leaves the same in BUILD/results/docs.txt.
#
#	docs-tables	generated tables and citations are as they should be
#	docs-quotes	quoted code is as it stands in the tree, by pattern
#	docs-names	names_like_this, CAPITAL_NAMES, paths, in backticks:
#			are somewhere in the tree
#	docs-links	relative links lead to a file, and to a heading in it
#	docs-commands	`make TARGET` names a target of the Makefile
#	docs-hardware	docs/hardware.md and the HW-n in the sources agree
#	docs-errors	docs/errors.md, lib/boot/errors.h and the tests agree
#	docs-citations	manuals are cited by title (docs/sources.md)
# shellcheck disable=SC2013 # its loops want words, not lines
set -u

if [ $# -lt 2 ] || [ "$1" = --help ]; then
	echo "usage: check-docs.sh BUILD DOCUMENT..." >&2
	exit 2
fi
build=$1
shift

sources='bootsector stage2 diag kernel lib link tests'
sources="$sources tools/image tools/mkimage tools/usbwrite"

# wrong TEXT...: one more reason why a check fails
wrong() {
	echo "# $*"
	bad=1
}

# is_stale DOCUMENT WHAT: complain where it is not as $build/document
is_stale() {
	cmp -s "$build/document" "$1" && return
	line=$(diff "$1" "$build/document" | sed -n '1s/[^0-9].*//p')
	wrong "$1:$line: $2 is stale, run make docs"
}

check_tables() {
	for document; do
		"$build/docgen" "$document" > "$build/document" || bad=1
		is_stale "$document" 'a table'
	done
	for document in docs/errors.md docs/hardware.md; do
		sh tools/cite.sh "$document" > "$build/document" || bad=1
		is_stale "$document" 'what cites a row or code'
	done
	rm -f "$build/document"
}

check_quotes() {
	sh tools/quote.sh --check "$@" > "$build/quotes" || bad=1
	sed 's/^/# /' "$build/quotes"
	rm -f "$build/quotes"
}

# names DOCUMENT: "LINE:NAME" for each word in backticks that looks like a
# symbol, a constant or a file of ours
names() {
	grep -noE '`[^` ]+`' "$1" | tr -d '`' | grep -E \
		-e ':[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$' \
		-e ':[a-z0-9]+(/[a-z0-9_.-]+)+\.(asm|c|h|inc|ld|mk|sh|py)$'
}

# Of a range X_ADDR to X_END the documents say X.
check_names() {
	# shellcheck disable=SC2086 # words are wanted apart
	{
		find $sources tools -type f -exec \
			grep -ohIE '[A-Za-z0-9_]+' {} +
		find $sources tools -type f
	} | sed 'p; s/_ADDR$//' | LC_ALL=C sort -u > "$build/words"
	for document; do
		names "$document" | awk -F: -v document="$document" '
			NR == FNR { known[$0]; next }
			!($2 in known) { print "# " document ":" $1 \
				": no " $2 " in the tree" }' "$build/words" -
	done > "$build/unknown"
	cat "$build/unknown"
	[ ! -s "$build/unknown" ] || bad=1
	rm -f "$build/words" "$build/unknown"
}

# anchors DOCUMENT: what its headings and <a id=""> can be linked as
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
	grep -o '<a id="[^"]*"' "$1" | sed 's/.*"\(.*\)"/\1/'
}

# links DOCUMENT: one per line, but for those to other hosts
links() {
	grep -o '](\([^)]*\))' "$1" | sed 's/^](//; s/)$//' |
		grep -v '^[a-z]*:'
}

check_links() {
	for document; do
		for link in $(links "$document"); do
			file=${link%%#*}
			target=$(dirname "$document")/$file
			[ -n "$file" ] || target=$document
			if [ ! -e "$target" ]; then
				wrong "$document: $link is not there"
				continue
			fi
			case $link in
			*'#'*)
				anchors "$target" | grep -qx "${link#*#}" ||
					wrong "$document: no heading for $link"
				;;
			esac
		done
	done
}

check_commands() {
	# Make ends with 1 here: nothing is up to date, nothing is made.
	${MAKE:-make} -pnq BUILD="$build" 2> /dev/null |
		sed -n 's/^\([a-z][a-z0-9_-]*\( [a-z0-9_ -]*\)*\):.*/\1/p' |
		tr ' ' '\n' | sort -u > "$build/targets"
	for document; do
		for target in $(grep -oE '(^|`|&& )make [a-z][a-z0-9-]*' \
				"$document" | sed 's/.*make //' | sort -u); do
			grep -qx -e "$target" "$build/targets" ||
				wrong "$document: no target for make $target"
		done
	done
	rm -f "$build/targets"
}

# rows: "HW-n FILE..." for each row of docs/hardware.md
rows() {
	awk -F'|' '$2 ~ /HW-[0-9]/ {
		match($2, /HW-[0-9]+/)
		line = substr($2, RSTART, RLENGTH)
		rest = $5 " " $6
		while (match(rest, /`[^`]*`/)) {
			line = line " " substr(rest, RSTART + 1, RLENGTH - 2)
			rest = substr(rest, RSTART + RLENGTH)
		}
		print line
	}' docs/hardware.md
}

check_hardware() {
	rows > "$build/rows"
	while read -r row files; do
		for file in $files; do
			grep -qsE "$row(\$|[^0-9])" "$file" ||
				wrong "docs/hardware.md: $file does not" \
					"cite $row"
		done
	done < "$build/rows"
	# shellcheck disable=SC2086 # words are wanted apart
	for row in $(grep -rhoIE 'HW-[0-9]+' $sources | sort -u); do
		grep -q "^$row\( \|\$\)" "$build/rows" ||
			wrong "docs/hardware.md: no row for $row," \
				"which the sources cite"
	done
	rm -f "$build/rows"
}

# told WORD: the codes under whose headings of docs/errors.md a line starts so
told() {
	awk -v word="$1:" '/^### / { code = $2 }
		$1 == word && $2 != "-" { print code }' docs/errors.md
}

# shown: "CODE FILE" for each test named in docs/errors.md
shown() {
	awk '/^### / { code = $2 }
		/^Tests: / {
			gsub(/[`,]/, " ")
			for (i = 2; i <= NF; i++)
				print code, $i
		}' docs/errors.md
}

# has_row CODE NAME WORDS: is it in the table of docs/errors.md?
has_row() {
	grep -F "| \`$1\` |" docs/errors.md | grep -F "| \`$2\` |" |
		sed 's/\\|/|/g' | grep -qF "$3"
}

check_errors() {
	sh tools/codes.sh > "$build/codes" || bad=1
	shown > "$build/shown"
	while read -r code name words; do
		has_row "$code" "$name" "$words" ||
			wrong "docs/errors.md: no row '$code' with the words" \
				"of $name"
		grep -qx "### $code" docs/errors.md ||
			wrong "docs/errors.md: no '### $code'"
		for word in Says Cause Try Tests; do
			told $word | grep -qx "$code" ||
				wrong "docs/errors.md: $code has no '$word:'"
		done
		for file in $(sed -n "s/^$code //p" "$build/shown"); do
			grep -qsw "$name" "$file" ||
				wrong "docs/errors.md: $file does not" \
					"name $name"
		done
	done < "$build/codes"
	for heading in $(sed -n 's/^### //p' docs/errors.md); do
		grep -q "^$heading " "$build/codes" ||
			wrong "docs/errors.md: $heading is no code"
	done
	rm -f "$build/codes" "$build/shown"
}

# numbered FILE...: "FILE:LINE: TEXT" for each citation of SDM, APM or ACPI by the
# number of a section, a table or a figure. A citation ends with its bracket,
# comment or sentence, on this line or the next. "ACPI 3.0" is a version.
numbered() {
	awk '
	function words(line) {
		sub(/^[ \t*;#]*/, "", line)
		return line
	}
	function look(line, following,	text, at, cited) {
		text = line " " following
		at = 0
		while (match(substr(text, at + 1), /(SDM|APM|ACPI)[ ,]/) &&
		    at + RSTART <= length(line)) {
			at += RSTART
			cited = substr(text, at)
			if (match(cited, /\)|\*\/|;|[.:] |\.$/))
				cited = substr(cited, 1, RSTART)
			if (cited ~ /[0-9A-E]\.[0-9]+\.[0-9]/ ||
			    cited ~ /[^0-9][1-9][0-9]\.[0-9]/ ||
			    cited ~ /(chapter|section|table|figure)s? [0-9]/ ||
			    cited ~ /^(SDM|APM).*[0-9A-E]\.[0-9]/)
				print place ": " cited
		}
	}
	NR > 1 { look(before, FNR > 1 ? words($0) : "") }
	{ before = words($0); place = FILENAME ":" FNR }
	END { look(before, "") }' "$@"
}

check_citations() {
	{
		printf '%s\n' "$@"
		# shellcheck disable=SC2086 # words are wanted apart
		find $sources tools -type f
	} | sort -u | tr '\n' '\0' | xargs -0 grep -lIE 'SDM|APM|ACPI' |
		while read -r file; do
			numbered "$file"
		done > "$build/numbered"
	while read -r place; do
		wrong "$place: cite the title, see docs/sources.md"
	done < "$build/numbered"
	rm -f "$build/numbered"
}

for check in tables quotes names links commands hardware errors \
	citations; do
	bad=0
	check_$check "$@"
	if [ $bad -eq 0 ]; then
		echo "ok docs-$check"
	else
		echo "not ok docs-$check"
	fi
done > "$build/results/docs.txt"
cat "$build/results/docs.txt"
grep '^not ok' "$build/results/docs.txt" > /dev/null
[ $? -eq 1 ] # 2: there is no such file
