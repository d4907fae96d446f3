#!/bin/sh
# lint.sh - format, static analysis, scripts, spelling.
#
#	sh tools/lint.sh BUILD
#
# Prints what is wrong, then "ok lint-X" or "not ok lint-X" for each kind,
# which also go to BUILD/results/lint.txt. A tool that is not there: "skip".
set -u

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: lint.sh BUILD" >&2
	exit 2
fi
build=$1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM PIPE # not every shell does the above then

# Our own files: those that git knows or would add; all, without git.
files() {
	if git rev-parse > /dev/null 2>&1; then
		git ls-files -co --exclude-standard -- "$@"
	else
		for pattern; do
			find . -path ./build -prune -o -name "$pattern" -print
		done | sed 's|^\./||'
	fi | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done | sort
}

lint_format() {
	# shellcheck disable=SC2046 # file names have no spaces here
	sh tools/format.sh --check $(files '*.c' '*.h')
}

lint_analysis() {
	# shellcheck disable=SC2046
	cppcheck --quiet --error-exitcode=1 --std=c11 --platform=unix64 \
		--enable=warning,performance,portability --inline-suppr \
		--suppressions-list=tools/cppcheck.txt \
		--cppcheck-build-dir="$build/cppcheck" -j 2 \
		-Ilib -I. $(files '*.c' | grep -v ^tests/)
}

lint_scripts() {
	# shellcheck disable=SC2046
	shellcheck -x -S warning $(files '*.sh' '.ci/run')
}

lint_spelling() {
	# shellcheck disable=SC2046
	codespell --ignore-words tools/codespell.txt $(files '*.c' '*.h' \
		'*.asm' '*.inc' '*.ld' '*.sh' '*.py' '*.md' '*.mk' '*.txt' \
		'Makefile')
}

# Line ends, trailing blanks, 80 columns, the end of the last line. The tables
# of lib/boot and needs.sh, and long strings, cannot be wrapped.
lint_text() {
	files '*.c' '*.h' '*.asm' '*.inc' '*.ld' '*.sh' '*.py' '*.mk' \
		Makefile | while read -r file; do
		expand -t 8 "$file" | awk -v file="$file" '
			function say(what) { print file ":" NR ": " what }
			/[ \r]$/ { say("ends in a blank") }
			length > 80 && file !~ /^lib\/boot\/|needs\.sh$/ &&
				$0 !~ /"[^"]*"/ { say(length " columns") }'
		[ -z "$(tail -c 1 "$file")" ] ||
			echo "$file: last line does not end"
	done > "$scratch/text"
	cat "$scratch/text"
	[ ! -s "$scratch/text" ]
}

# Each release formats a few lines otherwise: this one counts.
release=14
formatter=clang-format
clang-format --version 2> /dev/null | grep -q "version $release\." ||
	formatter=clang-format-$release
export CLANG_FORMAT="$formatter"

# lint KIND TOOL: run lint_KIND
lint() {
	if ! command -v "$2" > /dev/null; then
		echo "skip lint-$1, no $2" >> "$results"
	elif "lint_$1" > "$scratch/$1.out" 2>&1; then
		echo "ok lint-$1" >> "$results"
	else
		cat "$scratch/$1.out"
		echo "not ok lint-$1" >> "$results"
	fi
}

results=$build/results/lint.txt
mkdir -p "$build/results" "$build/cppcheck"
: > "$results"
lint text awk
lint format "$formatter"
lint scripts shellcheck
lint spelling codespell
lint analysis cppcheck
cat "$results"
grep '^not ok' "$results" > /dev/null
[ $? -eq 1 ] # 2: there is no such file
