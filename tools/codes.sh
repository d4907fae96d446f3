#!/bin/sh
# codes.sh - the codes of lib/boot/errors.h, one a line: "CODE NAME WORDS".
#
# A name that ends in _TEXT can be a code's own: the value tells what it is.
# Two hexadecimal digits are a code, whose words are the string NAME_TEXT; a
# letter is all that is said, or all but a status; its words are its comment.
# Fails on all else, on a code without words, on words without a code, on a code
# given twice.
set -eu

exec awk '
	function wrong(why, what) {
		print FILENAME ": " why ": " what > "/dev/stderr"
		failed = 1
	}
	function add(code, name) {
		if (code in known)
			wrong("the code of " known[code], name)
		known[code] = name
		order[++count] = code
	}
	# but for the include guard
	/^#[ \t]*define/ && NF != 2 {
		name = $2
		value = $0
		sub(/^#define +[A-Z0-9_]+[ \t]+/, "", value)
		if (name ~ /^[EW]_/ && value ~ /^0x[0-9A-F][0-9A-F]$/)
			add(substr(value, 3), name)
		else if (name ~ /^(BS_ERROR|E)_/ && \
		    value ~ /^\047[A-Z]\047[ \t]+\/\* .+ \*\/$/) {
			add(substr(value, 2, 1), name)
			sub(/^...[ \t]+\/\* /, "", value)
			sub(/ \*\/$/, "", value)
			words[name] = value
		} else if (name ~ /^[EW]_.*_TEXT$/ && value ~ /^"[^"]+"$/)
			words[substr(name, 1, length(name) - 5)] = \
				substr(value, 2, length(value) - 2)
		else
			wrong("neither a code nor words", $0)
	}
	END {
		for (i = 1; i <= count; i++) {
			name = known[order[i]]
			if (!(name in words))
				wrong("a code without words", name)
			print order[i], name, words[name]
			delete words[name]
		}
		for (name in words)
			wrong("words without a code", name "_TEXT")
		exit failed
	}' lib/boot/errors.h
