#!/bin/sh
# quote.sh - fill the quotes of a document from the tree.
#
#	sh tools/quote.sh docs/tour/06-a20.md > new.md
#	sh tools/quote.sh --check DOCUMENT...
#
# A document never holds code that somebody pasted. It says what it quotes,
#
#	<!-- quote: stage2/a20.asm "a20_test:" to "ret" -->
#	<!-- end -->
#
# and what stands between the two lines is made from the file: the lines from
# the one that starts with the first pattern to the next that starts with the
# second, that one included. With "before" instead of "to" it is left out;
# with one pattern alone the quote is one line. Blanks before a line's text do
# not count, but a pattern "^}" wants its text in the first column; a pattern
# that ends in a word wants the whole word. The first pattern must fit one line
# of the file and no other: a routine that was renamed or moved away makes this
# fail, with document, line and pattern.
#
# --check writes nothing: it names each quote that is not as it would be made.
set -eu

usage() {
	echo "usage: quote.sh DOCUMENT > NEW, or quote.sh --check DOCUMENT..." >&2
	exit 2
}

# quote CHECK DOCUMENT
quote() {
	# From docs/tour/x.md, say, the top of the tree is ../../
	top=$(dirname "$2" | sed 's|^\.$||; s|[^/][^/]*|..|g; s|\.\.$|../|')
	awk -v check="$1" -v top="$top" '
	BEGIN {
		language["asm"] = language["inc"] = "nasm"
		language["c"] = language["h"] = "c"
		language["sh"] = "sh"; language["py"] = "python"
		language["mk"] = "make"; language["ld"] = "ld"
	}
	function put(line) { if (!check) print line }
	function wrong(text) {
		printf "%s:%d: %s\n", FILENAME, marker_line, text \
			> (check ? "/dev/stdout" : "/dev/stderr")
		failed = 1
	}
	function fits(line, pattern) {
		if (pattern ~ /^\^/)
			pattern = substr(pattern, 2)
		else
			sub(/^[ \t]+/, "", line)
		return substr(line, 1, length(pattern)) == pattern &&
			(pattern !~ /[A-Za-z0-9_]$/ ||
			substr(line, length(pattern) + 1) !~ /^[A-Za-z0-9_]/)
	}
	# The lines of a file, once: text[file, 1..count[file]]
	function load(file,	line, n) {
		if (file in count)
			return
		while ((getline line < file) > 0)
			text[file, ++n] = line
		close(file)
		count[file] = n + 0
	}
	# Sets first and last; the reason why not, or "".
	function find(file, from, how, to,	i) {
		load(file)
		if (!count[file])
			return file " is not there"
		first = 0
		for (i = 1; i <= count[file]; i++) {
			if (!fits(text[file, i], from))
				continue
			if (first)
				return file ": more than one line starts " \
					"with \"" from "\""
			first = i
		}
		if (!first)
			return file ": no line starts with \"" from "\""
		last = first
		if (how == "")
			return ""
		for (i = first + 1; i <= count[file]; i++)
			if (fits(text[file, i], to))
				break
		if (i > count[file])
			return file ": no line starts with \"" to "\" after \"" \
				from "\""
		last = how == "to" ? i : i - 1
		while (text[file, last] == "")
			last--
		return ""
	}
	# A marker: quote: FILE "FROM" [to|before "TO"]
	function begin(line,	part, n, file, ending, reason, i) {
		made = ""
		n = split(line, part, "\"")
		file = part[1]
		sub(/^<!-- quote: /, "", file)
		sub(/ +$/, "", file)
		gsub(/ /, "", part[3])
		if (!(n == 3 && part[3] == "-->") && !(n == 5 &&
		    (part[3] == "to" || part[3] == "before"))) {
			wrong("not FILE \"FROM\" [to|before \"TO\"]")
			return
		}
		reason = find(file, part[2], n == 5 ? part[3] : "", part[4])
		if (reason != "") {
			wrong(reason)
			return
		}
		ending = file
		sub(/.*\./, "", ending)
		made = "\n[" file "](" top file "):\n\n```" \
			language[ending] "\n"
		for (i = first; i <= last; i++)
			made = made text[file, i] "\n"
		made = made "```\n\n"
	}
	/^<!-- quote: / {
		marker_line = FNR
		if (inside)
			wrong("a marker inside a quote")
		inside = 1
		there = ""
		begin($0)
		put($0)
		next
	}
	inside && /^<!-- end -->$/ {
		inside = 0
		if (check && made != "" && made != there)
			wrong("the quote is stale, run make docs")
		if (!check)
			printf "%s", made
	}
	inside { there = there $0 "\n"; next }
	{ put($0) }
	END {
		if (inside)
			wrong("a quote without <!-- end -->")
		exit failed
	}' "$2"
}

case ${1---help} in
--help | -h) usage ;;
--check)
	shift
	failed=0
	for document; do
		quote 1 "$document" || failed=1
	done
	exit $failed
	;;
*)
	[ $# -eq 1 ] || usage
	quote '' "$1"
	;;
esac
