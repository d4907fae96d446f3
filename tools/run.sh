#!/bin/sh
# run.sh - boot an image in QEMU and say how it ended.
#
#	sh tools/run.sh build/firstlight.img
#
# Shows the machine in a window where there is a display, in the terminal
# (curses) where there is one, else as its serial line. What is piped in is
# typed there:
#
#	echo map | VIEW=serial sh tools/run.sh build/firstlight.img
#
# Environment:
#
#	VIEW=window|curses|serial	do not choose by yourself
#	MEMORY=128M			of the machine
#	QEMU=qemu-system-x86_64
#	QEMU_FLAGS=			further options, these win
#	COLOR=, NO_COLOR=		of the source after a panic, see
#					explain-panic.sh
#
# A panic is followed by the source lines that led to it, a triple fault by
# what QEMU's log says about it. For x.img the kernel is x.elf, if that lies
# beside it, else kernel.elf.
#
# Status: 0 when the guest said success or was closed, 35 when it said
# failure, 1 when it ended in a triple fault, else QEMU's.
set -u

tools=$(dirname "$0")
qemu=${QEMU:-qemu-system-x86_64}
memory=${MEMORY:-128M}

# What isa-debug-exit makes of DEBUG_EXIT_SUCCESS and _FAILURE in lib/boot.
success=33
failure=35

# First display that this QEMU has for a window.
window_display() {
	"$qemu" -display help 2> /dev/null |
		awk '$1 == "gtk" || $1 == "sdl" || $1 == "cocoa" {
			print $1; exit }'
}

has_curses() {
	"$qemu" -display help 2> /dev/null | grep -qx curses
}

on_terminal() {
	[ -t 0 ] && [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]
}

# Sets view.
choose_view() {
	if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] &&
		[ -n "$(window_display)" ]; then
		view=window
	elif [ "$(uname -s)" = Darwin ] && [ -n "$(window_display)" ]; then
		view=window
	elif on_terminal && has_curses; then
		view=curses
	else
		view=serial
	fi
}

# announce VIEW HOW-TO-LEAVE
announce() {
	echo "Booting $image: $1. The serial line is kept in $serial."
	echo "To leave: $2."
}

wait_for_enter() {
	if [ -t 0 ]; then
		printf 'Press Enter to boot. '
		read -r _
	fi
}

boot() {
	# shellcheck disable=SC2086 # flags are words
	"$qemu" -m "$memory" -cpu max \
		-drive "format=raw,file=$image,snapshot=on" \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		-nic none -no-reboot -d int,cpu_reset -D "$log" \
		"$@" ${QEMU_FLAGS-} 3>&- 4>&-
}

boot_in() {
	case $1 in
	window)
		announce "a window" "close the window, or press Ctrl-C here"
		boot -display "$(window_display)" -serial chardev:com1 \
			-chardev "stdio,id=com1,logfile=$com1,signal=on"
		;;
	curses)
		announce "this terminal" \
			"press Alt-2 (or Esc and 2 at once), type quit, Enter"
		wait_for_enter
		boot -display curses -serial chardev:com1 \
			-chardev "file,id=com1,path=$com1"
		;;
	serial)
		if [ -t 0 ]; then
			announce "serial line" "press Ctrl-A, then x"
			boot -display none -serial chardev:com1 \
				-mon chardev=com1 -chardev \
				"stdio,id=com1,mux=on,signal=off,logfile=$com1"
		else
			announce "serial line" "press Ctrl-C"
			boot -display none -monitor none -serial chardev:com1 \
				-chardev "stdio,id=com1,logfile=$com1" < "$keys"
		fi
		;;
	*)
		echo "run: VIEW=$1 is not window, curses or serial" >&2
		return 2
		;;
	esac
}

# What is piped in, once the guest has said something: before that the loader
# listens for the diagnostics' key, and what else comes is lost.
feed_keys() {
	until [ -s "$serial" ]; do
		sleep 1
	done
	exec cat
}

# The end of the serial line, for views that do not show it.
show_serial() {
	[ "$view" = curses ] && [ -s "$serial" ] || return 0
	echo "The last lines on the serial line:"
	tail -n 24 "$serial" | sed 's/^/  /'
	cat "$panic"
}

# Keeps what comes from COM1 and, once that is a panic page, shows the source:
# at once, or in $panic for curses, which has the terminal for itself.
watch_serial() {
	if [ "$view" = curses ]; then
		[ ! -t 1 ] || export COLOR="${COLOR:-always}"
		exec > "$panic"
	fi
	tee "$serial" | sh "$tools/explain-panic.sh" "$image"
}

# say_end STATUS: what the machine's end means; sets `status`.
say_end() {
	status=$1
	if [ -s "$reason" ]; then
		show_serial
		cat "$reason"
		status=1
	elif [ "$status" -eq $success ]; then
		show_serial
		echo "The guest ended with success (QEMU status $success)."
		status=0
	elif [ "$status" -eq $failure ]; then
		show_serial
		echo "The guest ended with failure (QEMU status $failure)."
	elif [ "$status" -eq 0 ]; then
		[ ! -s "$panic" ] || show_serial
		echo "QEMU was closed, or the guest switched off or reset."
	else
		echo "run: QEMU ended with status $status" >&2
	fi
}

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: run.sh IMAGE (and VIEW, MEMORY, QEMU, QEMU_FLAGS)" >&2
	exit 2
fi
image=$1
build=$(dirname "$image")
if [ ! -r "$image" ]; then
	echo "run: $image is not there, make builds it" >&2
	exit 1
fi
if ! command -v "$qemu" > /dev/null; then
	echo "run: no $qemu; sh tools/setup.sh installs it" >&2
	exit 1
fi
serial=$build/run-serial.log
kernel=${image%.*}.elf
[ -r "$kernel" ] || kernel=$build/kernel.elf

# QEMU's log grows by kilobytes with each interrupt, so it goes through a
# pipe to a reader that keeps only what matters for a reset.
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
reason=$scratch/reason
mkfifo "$log"
exec 3<> "$log"
sh "$tools/explain-reset.sh" "$build" "$kernel" < "$log" > "$reason" 3>&- &
reader=$!

trap : INT
# Closed, it says nothing.
(: 5<&0) 2> /dev/null || exec < /dev/null
view=${VIEW-}
[ -n "$view" ] || choose_view

# The serial line goes through a pipe as well.
com1=$scratch/com1
panic=$scratch/panic
: > "$panic"
mkfifo "$com1"
exec 4<> "$com1"
: > "$serial"
(exec < "$com1" 3>&- 4>&- && watch_serial) &
watcher=$!

# In the background there is no input but by another number.
feeder=
if [ "$view" = serial ] && [ ! -t 0 ]; then
	keys=$scratch/keys
	mkfifo "$keys"
	exec 5<&0
	feed_keys <&5 > "$keys" 3>&- 4>&- 5<&- &
	feeder=$!
	exec 5<&-
fi

boot_in "$view"
ended=$?
[ -z "$feeder" ] || kill "$feeder" 2> /dev/null
exec 3>&- 4>&-
wait "$reader" "$watcher"
say_end $ended
exit "$status"
