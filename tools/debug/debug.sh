#!/bin/sh
# debug.sh - boot an image stopped at 0x7C00, with gdb on its sources.
#
#	sh tools/debug/debug.sh build/firstlight.img [GDB-OPTION]...
#
# For x.img the kernel is x.elf, if that lies beside it, else kernel.elf, or
# KERNEL=. The loader's symbols are those beside the image or in build/, if they
# are of what the image holds. QEMU shows a window where there is a display; the
# terminal is gdb's.
#
# Environment:
#
#	AT=PLACE	stop there first: a symbol, FILE:LINE, an address, or
#			bootsector, stage2, pm32, long, c64, kernel
#	KERNEL=FILE	the kernel's ELF file
#	LISTEN=PORT	start no gdb: one that runs elsewhere, as an editor's,
#			comes to that port of localhost; 0: a free one
#	MEMORY, QEMU, QEMU_FLAGS, GDB
#
# However this script ends, gdb and QEMU end with it (scratch.sh).
set -u

if [ $# -lt 1 ] || [ "$1" = --help ]; then
	echo "usage: debug.sh IMAGE [GDB-OPTION]..." \
		"(and AT, KERNEL, MEMORY, QEMU, QEMU_FLAGS, GDB)" >&2
	exit 2
fi
image=$1
case $image in -*) image=./$image ;; esac
shift
build=$(dirname "$image")
here=$(dirname "$0")
tools=$here/..
QEMU=${QEMU:-qemu-system-x86_64}
gdb=${GDB:-gdb}
if [ ! -r "$image" ]; then
	echo "debug: $image is not there, make builds it" >&2
	exit 1
fi
[ -z "${LISTEN-}" ] || gdb=python3
for tool in "$QEMU" "$gdb" python3; do
	if ! command -v "$tool" > /dev/null; then
		echo "debug: no $tool; sh tools/setup.sh installs it" >&2
		exit 1
	fi
done

# First display that this QEMU has for a window.
display=none
if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] || [ "$(uname -s)" = Darwin ]; then
	display=$("$QEMU" -display help 2> /dev/null |
		awk '$1 == "gtk" || $1 == "sdl" || $1 == "cocoa" {
			print $1; exit }')
fi

kernel=${KERNEL-}
if [ -z "$kernel" ]; then
	kernel=${image%.*}.elf
	[ -r "$kernel" ] || kernel=$build/kernel.elf
elif [ ! -r "$kernel" ]; then
	echo "debug: KERNEL=$kernel is not there" >&2
	exit 1
fi
[ -r "$kernel" ] || kernel=
[ -n "$kernel" ] || echo "No $build/kernel.elf nor ${image%.*}.elf:" \
	"KERNEL= names the kernel's file, for its symbols."

# shellcheck source=tools/scratch.sh
. "$tools/scratch.sh"
# Ctrl-C is for gdb, it stops the guest.
trap : INT

# session.py has gdb start QEMU, with these; 7 is for QEMU's errors.
LOADER_FOLDERS="$build
$tools/../build"
export QEMU LOADER_FOLDERS TOOLS="$tools" IMAGE="$image" SCRATCH="$scratch"
export MACHINE_DISPLAY="${display:-none}" AT="${AT-}"
SERIAL=$(log_file "$build/debug-serial.log")
export SERIAL
echo "The serial line is kept in $SERIAL."
exec 7>&2
if [ -n "${LISTEN-}" ]; then
	(guarded sh "$here/machine.sh")
	exit
fi
(: 5<&0) 2> /dev/null || exec < /dev/null # it is closed
if [ ! -t 0 ]; then
	mkfifo "$scratch/typed" || exit 1
	exec 5<&0 8<> "$scratch/typed"
	guarded python3 "$here/typed.py" <&5 >&8 5<&- 8>&- &
	exec < "$scratch/typed" 5<&- 8>&-
fi
(guarded "$gdb" -nx -q -x "$here/firstlight.py" ${kernel:+"$kernel"} \
	-ex firstlight-start "$@")
