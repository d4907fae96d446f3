#!/bin/sh
# machine.sh - become relay.py with the machine that debug.sh has described:
# IMAGE, MACHINE_DISPLAY, SERIAL, TOOLS, and what relay.py reads.
set -u

if [ $# -ne 0 ]; then
	echo "usage: machine.sh (debug.sh starts it)" >&2
	exit 2
fi
serial=$(printf '%s\n' "$SERIAL" | sed 's/,/,,/g')
exec python3 "$TOOLS/debug/relay.py" "$IMAGE" -S -no-shutdown -monitor none \
	-display "$MACHINE_DISPLAY" -serial chardev:com1 \
	-chardev "file,id=com1,append=on,path=$serial"
