#!/bin/sh
# size-budget.sh - print how much of its room each stage uses.
#
#	sh tools/size-budget.sh build
#
# The limits are those of lib/boot, read there, so that they stand once.
set -eu

# constant NAME: its value in lib/boot, in decimal.
constant() {
	value=$(awk -v name="$1" '$1 == "#define" && $2 == name { print $3 }' \
		lib/boot/*.h)
	if [ -z "$value" ]; then
		echo "size-budget: lib/boot does not define $1" >&2
		exit 1
	fi
	echo $((value))
}

# code_bytes BUILD: code and variables of the boot sector, zeros at their end
# included. BS_SECTORS is left out: mkimage writes it.
code_bytes() {
	names=$("${NM:-nm}" "$1/bootsector.elf")
	end=$(echo "$names" | awk '$3 == "bootsector_end" { print $1 }')
	start=$(constant BOOT_SECTOR_ADDR)
	echo $((0x$end - start - code))
}

# row STAGE USED LIMIT, in bytes
row() {
	printf '  %-12s %8d %10d %10d\n' "$1" "$2" "$3" $(($3 - $2))
}

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: size-budget.sh BUILD" >&2
	exit 2
fi
build=$1
code=$(constant BS_CODE)
sector=$(constant SECTOR_SIZE)

# A command that fails in an argument is not noticed, one in an assignment is.
signature=$(constant BS_SIGNATURE)
stage2_most=$(constant STAGE2_BYTES_MAX)
shipped=$(constant LOADER_BYTES_SHIPPED)
chunk=$(constant DISK_CHUNK_MAX)
bootsector=$(code_bytes "$build")
stage2=$(wc -c < "$build/stage2.bin")
diag=$(wc -c < "$build/diag.bin")
kernel=$(wc -c < "$build/kernel.bin")
symbols=$(wc -c < "$build/kernel.symbols")

printf '  %-12s %8s %10s %10s\n' 'bytes' used limit free
row 'boot sector' $((bootsector + 1)) $((signature - code))
row 'stage 2' "$stage2" "$stage2_most"
row 'diagnostics' "$diag" $((chunk * sector))
printf '  %-12s %8d %10s %10s\n' kernel "$kernel" - -
printf '  of which %d name functions, files and lines\n' "$symbols"
echo '  The boot sector is full on purpose: what fits makes one more PC boot.'
loader=$((sector + stage2))
echo "  With stage 2 it has $loader bytes, $shipped at most as released;" \
	'stage 2 may grow.'
