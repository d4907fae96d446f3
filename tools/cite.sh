#!/bin/sh
# cite.sh - write into a document who cites its rows, and the errors' words.
#
#	sh tools/cite.sh docs/hardware.md > new.md
#
# A row "| HW-n | what happens | what we do | code | test |" gets its last two
# columns. Below a heading "### CODE", with a code of lib/boot/errors.h, a line
# "Says: ..." gets its words and "Tests: ..." the tests that name it. All else
# is copied.
set -eu

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: cite.sh DOCUMENT > NEW" >&2
	exit 2
fi

# Here, as a failure in the pipe below would not be noticed.
codes=$(sh tools/codes.sh)
[ -r "$1" ]

# citations PATTERN DIRECTORY...: "MATCH FILE", each once
citations() {
	grep -roIE "$@" | awk -F: '{ print $2, $1 }' | LC_ALL=C sort -u
}

{
	citations 'HW-[0-9]+' bootsector stage2 diag kernel lib link \
		tools/image tools/mkimage tools/usbwrite | sed 's/^/code /'
	citations 'HW-[0-9]+' tests | sed 's/^/test /'
	citations '\b(E|W|BS_ERROR)_[A-Z0-9_]+' tests | sed 's/^/test /'
	printf '%s\n' "$codes" | sed 's/^/code of /'
	echo end
	cat "$1"
} | awk '
	!copying && $1 == "end" { copying = 1; next }
	!copying && $2 == "of" {
		name[$3] = $4
		code = $3
		sub(/^code of [^ ]* [^ ]* /, "")
		words[code] = $0
		next
	}
	!copying {
		key = $1 $2
		cited[key] = cited[key] (cited[key] ? ", " : "") "`" $3 "`"
		next
	}
	function files(key) { return cited[key] ? cited[key] : "-" }
	function says(code, name) {
		if (name ~ /^BS_/)
			return "`Boot error " code "` and two digits"
		if (length(code) == 1)
			return "`" code "`, and nothing more"
		return "`firstlight: " (name ~ /^W/ ? "warning " : "error ") \
			code ": " words[code] "`"
	}
	/^\| HW-[0-9]+ / {
		split($0, cell, "|")
		print "|" cell[2] "|" cell[3] "|" cell[4] "| " \
			files("code" $2) " | " files("test" $2) " |"
		next
	}
	/^### / { heading = $2 }
	/^Says: / && heading in name {
		print "Says: " says(heading, name[heading])
		next
	}
	/^Tests: / && heading in name {
		print "Tests: " files("test" name[heading])
		next
	}
	{ print }'
