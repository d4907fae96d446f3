#!/bin/sh
# debug.sh - boot an image stopped at 0x7C00, with gdb on its sources.
#
#	sh tools/debug/debug.sh build/firstlight.img [GDB-OPTION]...
#
# QEMU shows a window where there is a display; the terminal is gdb's.
# Environment: MEMORY, QEMU, QEMU_FLAGS, GDB.
set -u

if [ $# -lt 1 ] || [ "$1" = --help ]; then
	echo "usage: debug.sh IMAGE [GDB-OPTION]..." >&2
	exit 2
fi
image=$1
shift
build=$(dirname "$image")
here=$(dirname "$0")
qemu=${QEMU:-qemu-system-x86_64}
gdb=${GDB:-gdb}
for tool in "$qemu" "$gdb"; do
	if ! command -v "$tool" > /dev/null; then
		echo "debug: no $tool; sh tools/setup.sh installs it" >&2
		exit 1
	fi
done

display=none
if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
	display=$("$qemu" -display help 2> /dev/null |
		awk '$1 == "gtk" || $1 == "sdl" { print $1; exit }')
fi

scratch=$(mktemp -d) || exit 1
machine=''
finish() {
	[ -z "$machine" ] || kill -KILL "$machine" 2> /dev/null
	rm -rf "$scratch"
}
trap finish EXIT
# Ctrl-C is for gdb, it stops the guest.
trap : INT

# The socket is there before QEMU goes on, but QEMU must have started.
# setsid: a Ctrl-C at the terminal is not QEMU's.
# shellcheck disable=SC2086 # flags are words
setsid "$qemu" -S -m "${MEMORY:-128M}" -cpu max -nic none -no-reboot \
	-drive "format=raw,file=$image,snapshot=on" \
	-device isa-debug-exit,iobase=0xf4,iosize=4 \
	-display "${display:-none}" -serial "file:$build/debug-serial.log" \
	-chardev "socket,path=$scratch/gdb,server=on,wait=off,id=gdb" \
	-gdb chardev:gdb -monitor none ${QEMU_FLAGS-} < /dev/null &
machine=$!
until [ -S "$scratch/gdb" ]; do
	kill -0 "$machine" 2> /dev/null || exit 1
	sleep 0.1
done

BUILD=$build GDB_SOCKET=$scratch/gdb "$gdb" -nx -q \
	-x "$here/gdbinit" "$@" "$build/kernel.elf"
