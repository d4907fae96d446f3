#!/bin/sh
# explain-fault.sh - name the source line of a loader's error 42 or 43.
#
#	sh tools/explain-fault.sh KERNEL.elf < build/run-serial.log
#
# The loader reports what a kernel did before it had an IDT of its own, by
# address. Prints the function and the line of KERNEL.elf, or why there is none;
# nothing if there is no such error. addr2line by ADDR2LINE=.
set -u

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: explain-fault.sh KERNEL.elf < SERIAL-TEXT" >&2
	exit 2
fi
kernel=$1

address=$(awk '/firstlight: error 4[23]: / {
		for (i = 1; i < NF; i++)
			if ($i == "at" && $(i + 1) ~ /^[0-9A-F]+,?$/) {
				sub(/,.*/, "", $(i + 1))
				print $(i + 1)
				exit
			}
	}')
[ -n "$address" ] || exit 0
if [ ! -r "$kernel" ]; then
	echo "No $kernel here to look 0x$address up in."
	exit 0
fi
"${ADDR2LINE:-addr2line}" -fpe "$kernel" "0x$address" 2> /dev/null | awk \
	-v address="$address" -v kernel="$kernel" '
	/\?\?/ {
		printf "0x%s is no line of %s: compile it with -g.\n", \
			address, kernel
		next
	}
	{ printf "0x%s is in %s\n", address, $0 }'
