#!/bin/sh
# machine.sh - become QEMU, as the PC that run.sh and debug.sh boot.
#
#	sh tools/machine.sh IMAGE [QEMU-OPTION]...
#
# Environment: MEMORY, CPUS (how many processors), QEMU, QEMU_FLAGS (further
# options, these win); GUARD, the
# pipe of a guard.sh, which is told of this process; DRIVE, a qcow2 file on top
# of IMAGE, of which QEMU records what it reads, see tools/debug/relay.py;
# PID_FILE, which gets QEMU's process id.
set -u

if [ $# -lt 1 ] || [ "$1" = --help ]; then
	echo "usage: machine.sh IMAGE [QEMU-OPTION]..." >&2
	exit 2
fi
image=$1
shift
# In an option a comma ends the name, but for two, which are one; and what
# stands before a colon is a protocol, unless a slash comes first.
case $image in
/*) ;;
*) image=./$image ;;
esac
image=$(printf '%s\n' "$image" | sed 's/,/,,/g')
if [ -n "${DRIVE-}" ]; then
	drive=$(printf '%s\n' "$DRIVE" | sed 's/,/,,/g')
	set -- -drive "if=none,format=qcow2,file=$drive,id=file" \
		-drive driver=blkreplay,if=none,image=file,id=disk \
		-device ide-hd,drive=disk "$@"
else
	set -- -drive "format=raw,file=$image,snapshot=on" "$@"
fi

[ -z "${PID_FILE-}" ] || echo $$ > "$PID_FILE" || exit 1
if [ -n "${GUARD-}" ]; then
	echo "process $$" > "$GUARD" || exit 1
fi
# shellcheck disable=SC2086 # flags are words
exec "${QEMU:-qemu-system-x86_64}" -m "${MEMORY:-128M}" -smp "${CPUS:-1}" \
	-cpu max \
	-device isa-debug-exit,iobase=0xf4,iosize=4 \
	-nic none -no-reboot "$@" ${QEMU_FLAGS-}
