#!/bin/sh
# bochs.sh - boot an image in Bochs, stopped at 0x7C00 in its own debugger.
#
#	sh tools/debug/bochs.sh build/firstlight.img
#
# A second PC, whose debugger knows the mode by itself: s, n, c, u /8, r, creg,
# info gdt, info tab, page ADDRESS, lb ADDRESS, "blist", q. The names of the
# image's stages are there: u shows them, lb "stage2_start".
#
# Environment: BOCHS, NM; MEMORY in MiB (128); FIRMWARE, a folder with Bochs's
# BIOS files; BOCHS_DISPLAY, the display_library, as x, where that is installed:
# else a VNC viewer shows the screen. COM1 goes to a file beside the image.
set -u

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: bochs.sh IMAGE (and BOCHS, FIRMWARE, MEMORY, NM)" >&2
	exit 2
fi
image=$1
build=$(dirname "$image")
tools=$(dirname "$0")/..
BOCHS=${BOCHS:-bochs}
if [ ! -r "$image" ]; then
	echo "bochs: $image is not there, make builds it" >&2
	exit 1
fi
if ! command -v "$BOCHS" > /dev/null; then
	echo "bochs: no $BOCHS; sh tools/setup.sh installs it" >&2
	exit 1
fi
offers=$("$BOCHS" --help 2>&1 < /dev/null)
case $offers in
*"  -debugger "*) debugger=-debugger ;; # 3.0: where it is asked for
*"  -rc "*) debugger= ;;
*)
	echo "bochs: this Bochs was built without its debugger" >&2
	exit 1
	;;
esac
for firmware in "${FIRMWARE:-}" /usr/share/bochs /usr/local/share/bochs; do
	[ ! -r "$firmware/BIOS-bochs-latest" ] || break
done

# rfb: a VNC viewer may show the screen.
display=${BOCHS_DISPLAY:-'rfb, options="timeout=0"'}

# shellcheck source=tools/scratch.sh
. "$tools/scratch.sh"
# Ctrl-C is for Bochs, it stops the guest.
trap : INT
serial=$(log_file "$build/bochs-serial.log")

# Padded to whole cylinders: Bochs wants that, and writes to it.
cylinder=$((16 * 63 * 512))
size=$(wc -c < "$image")
cylinders=$(((size + cylinder - 1) / cylinder))
cp "$image" "$scratch/disk" || exit 1
truncate -s $((cylinders * cylinder)) "$scratch/disk"

: > "$scratch/symbols"
for elf in "$build/bootsector.elf" "$build/stage2.elf" \
	"$build/kernel.elf"; do
	[ ! -r "$elf" ] || "${NM:-nm}" "$elf" |
		awk '$1 !~ /^0*[0-5]..$/ { print $1, $3 }' >> "$scratch/symbols"
done
cat > "$scratch/go" <<-EOF
	ldsym global "$scratch/symbols"
	lb 0x7c00
	c
EOF
cat > "$scratch/bochsrc" <<-EOF
	display_library: $display
	romimage: file="$firmware/BIOS-bochs-latest"
	vgaromimage: file="$firmware/VGABIOS-lgpl-latest"
	cpu: model=ryzen, ips=50000000, reset_on_triple_fault=0
	megs: ${MEMORY:-128}
	ata0-master: type=disk, path="$scratch/disk", mode=flat, cylinders=$cylinders, heads=16, spt=63
	boot: disk
	com1: enabled=1, mode=file, dev="$serial"
	port_e9_hack: enabled=1
	log: "$scratch/log"
	sound: driver=dummy
	speaker: enabled=0
EOF
echo "The serial line is kept in $serial."
# shellcheck disable=SC2086 # none, or one word
(guarded "$BOCHS" $debugger -q -f "$scratch/bochsrc" -rc "$scratch/go") && exit
tail -n 5 "$scratch/log" >&2
exit 1
