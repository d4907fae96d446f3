#!/bin/sh
# debug.sh - boot an image stopped at 0x7C00, with gdb on its sources.
#
#	sh tools/debug/debug.sh build/firstlight.img [GDB-OPTION]...
#
# QEMU shows a window where there is a display; the terminal is gdb's.
# Environment: MEMORY, QEMU, QEMU_FLAGS, GDB. However this script ends, gdb and
# QEMU end with it (scratch.sh).
set -u

if [ $# -lt 1 ] || [ "$1" = --help ]; then
	echo "usage: debug.sh IMAGE [GDB-OPTION]..." >&2
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
for tool in "$QEMU" "$gdb"; do
	if ! command -v "$tool" > /dev/null; then
		echo "debug: no $tool; sh tools/setup.sh installs it" >&2
		exit 1
	fi
done

display=none
if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
	display=$("$QEMU" -display help 2> /dev/null |
		awk '$1 == "gtk" || $1 == "sdl" { print $1; exit }')
fi

# shellcheck source=tools/scratch.sh
. "$tools/scratch.sh"
# Ctrl-C is for gdb, it stops the guest.
trap : INT

# firstlight.py has gdb start QEMU, with these; 7 is for QEMU's errors.
export QEMU BUILD="$build" IMAGE="$image" MACHINE_DISPLAY="${display:-none}"
SERIAL=$(log_file "$build/debug-serial.log")
export SERIAL
echo "The serial line is kept in $SERIAL."
exec 7>&2
(guarded "$gdb" -nx -q -x "$here/gdbinit" "$@" "$build/kernel.elf")
