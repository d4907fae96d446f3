#!/bin/sh
# explain-reset.sh - say why a guest triple-faulted, from QEMU's log.
#
#	qemu-system-x86_64 -no-reboot -d int,cpu_reset -D LOG ...
#	sh tools/explain-reset.sh build [KERNEL.elf] < LOG
#
# Prints nothing when the log has no triple fault; status 1 when it has.
# Reads once, keeps little: LOG may be a pipe. addr2line and nm, by
# ADDR2LINE= and NM=, name the place in the stages' ELF files under build.
set -u

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "$1" = --help ]; then
	echo "usage: explain-reset.sh BUILD [KERNEL.elf] < LOG" >&2
	exit 2
fi
build=$1
kernel=${2:-$build/kernel.elf}

# The log has, for each interrupt or exception, a line that starts
# "N: v=VV e=EEEE i=I cpl=C IP=SSSS:OOOO pc=LLLL SP=SSSS:OOOO ... CR2=AAAA",
# then the registers; "check_exception old: 0xO new 0xN" comes before an
# exception (O is the one whose delivery failed, all ones: none that can lead
# to a double fault). Keeps the chain since the last that was delivered: each
# that follows broke the delivery of the one before, at the same place.
# Printed: vector, error code, linear address, CR2, mode.
chain=$(awk '
	/^check_exception old: / { nested = $3 !~ /^0xffffffff/ }
	/^ *[0-9]+: v=/ {
		field["CR2"] = 0
		for (i = 1; i <= NF; i++)
			if (split($i, part, "=") == 2)
				field[part[1]] = part[2]
		place = field["pc"] " " field["SP"]
		what = field["v"] " " field["e"]
		if (!nested && (place != last_place || what == last_what))
			depth = 0
		if (depth < 8)
			depth++
		line[depth] = what " " field["pc"] " " field["CR2"]
		last_place = place
		last_what = what
		wants_mode = 1
		nested = 0
	}
	wants_mode && /^CS =/ {
		mode = /CS64/ ? 64 : /CS32/ ? 32 : 16
		line[depth] = line[depth] " " mode
		wants_mode = 0
	}
	/^Triple fault/ { fatal = 1; exit }
	END {
		if (fatal) for (i = 1; i <= depth; i++) print line[i]
		if (fatal && !depth) print "none"
	}')
[ -n "$chain" ] || exit 0

name_of() {
	case $1 in
	00) echo "#DE divide error" ;;
	01) echo "#DB debug" ;;
	02) echo "NMI" ;;
	03) echo "#BP breakpoint" ;;
	04) echo "#OF overflow" ;;
	05) echo "#BR bound range exceeded" ;;
	06) echo "#UD invalid opcode" ;;
	07) echo "#NM no coprocessor" ;;
	08) echo "#DF double fault" ;;
	0a) echo "#TS invalid TSS" ;;
	0b) echo "#NP segment not present" ;;
	0c) echo "#SS stack fault" ;;
	0d) echo "#GP general protection" ;;
	0e) echo "#PF page fault" ;;
	10) echo "#MF x87 error" ;;
	11) echo "#AC alignment check" ;;
	12) echo "#MC machine check" ;;
	13) echo "#XM SIMD error" ;;
	*) echo "interrupt 0x$1" ;;
	esac
}

# place ADDRESS (16 hex digits): "symbol (file:line)", or why not
place() {
	case $1 in
	00000000000[ef]????)
		echo "the BIOS, which may reset the machine so on purpose"
		return
		;;
	esac
	for elf in "$build/bootsector.elf" "$build/stage2.elf" "$kernel"; do
		stage=$(basename "$elf" .elf)
		[ -r "$elf" ] || continue
		where=$("${ADDR2LINE:-addr2line}" -s -e "$elf" "0x$1") ||
			continue
		case $where in '??'*) continue ;; esac
		# As strings: for awk 00000000001254e0 may be the number 1254.
		symbol=$("${NM:-nm}" -n "$elf" | awk -v at="$1" '
			$1 "" <= at "" && $2 ~ /[tT]/ { name = $3 }
			END { print name }')
		echo "${symbol:-?} in $stage ($where)"
		return
	done
	echo "no code of bootsector.elf, stage2.elf or $(basename "$kernel")"
}

# describe WORD VECTOR ERROR ADDRESS CR2 MODE
describe() {
	printf '  %-6s %s, error code %s' "$1" "$(name_of "$2")" "$3"
	[ "$2" = 0e ] && printf ', address 0x%s' "$5"
	printf '\n         at 0x%s, %s-bit code: %s\n' "$4" "$6" "$(place "$4")"
}

echo "The guest reset itself: a triple fault. What led to it:"
word=first:
echo "$chain" | while read -r vector error address cr2 mode; do
	if [ "$vector" = none ]; then
		echo "  QEMU's log has no exception, was -d int given?"
		break
	fi
	describe "$word" "$vector" "$error" "$address" "$cr2" "$mode"
	word="then:"
done
exit 1
