#!/bin/sh
# run.sh - boot an image in QEMU, or a kernel, and say how it ended.
#
#	sh tools/run.sh build/firstlight.img
#	STRICT=1 sh tools/run.sh kernel.elf
#
# Of an ELF file an image is made, in a folder that goes again.
#
# Shows the machine in a window where there is a display, in the terminal
# (curses) where there is one with room for the screen, else as its serial line.
# What is piped in is typed there:
#
#	echo map | VIEW=serial sh tools/run.sh build/firstlight.img
#
# Environment:
#
#	VIEW=window|curses|serial	do not choose by yourself
#	STRICT=1			for tests: success only if the guest
#					said so, in TIMEOUT=60 seconds
#	TIMEOUT=SECONDS			end the guest then; none without STRICT
#	MEMORY=128M			of the machine
#	MKIMAGE=build/mkimage		with MKIMAGE_FLAGS and CMDLINE
#	CPUS=1				processors
#	QEMU=qemu-system-x86_64
#	QEMU_FLAGS=			further options, these win
#	COLOR=, NO_COLOR=		of the source after a panic, see
#					explain-panic.sh
#
# A panic is followed by the source lines that led to it, a triple fault by
# what QEMU's log says about it. For x.img the kernel is x.elf, if that lies
# beside it, else kernel.elf. The serial line is kept beside the image, too;
# where nothing can be written there, among the temporary files.
#
# Status: 0 when the guest said success or was closed (with STRICT=1 that is 1),
# 35 when it said failure, 1 when it ended in a triple fault, 124 when its time
# was over, 130 after Ctrl-C, else QEMU's.
# However this script ends, QEMU ends with it (scratch.sh).
set -u

tools=$(dirname "$0")
QEMU=${QEMU:-qemu-system-x86_64}
export QEMU

# What isa-debug-exit makes of DEBUG_EXIT_SUCCESS and _FAILURE in lib/boot.
success=33
failure=35

# ---- How the machine is shown ----------------------------------------------

# First display that this QEMU has for a window.
window_display() {
	"$QEMU" -display help 2> /dev/null |
		awk '$1 == "gtk" || $1 == "sdl" || $1 == "cocoa" {
			print $1; exit }'
}

has_curses() {
	"$QEMU" -display help 2> /dev/null | grep -qx curses
}

on_terminal() {
	[ -t 0 ] && [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]
}

# Says why the screen is not seen whole in this terminal; nothing if it is. QEMU
# cuts off what has no room: where there are 24 rows, as in many terminals, the
# last one with the prompt.
too_small() {
	size=$(stty size 2> /dev/null) || return 0
	[ "${size% *}" -lt 25 ] || [ "${size#* }" -lt 80 ] || return 0
	echo "This terminal has ${size% *} rows of ${size#* } columns, the" \
		"machine's screen 25 of 80."
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
		small=$(too_small)
		[ -z "$small" ] || view=serial
	else
		view=serial
	fi
}

# announce VIEW HOW-TO-LEAVE
announce() {
	echo "Booting $image: $1. The serial line is kept in $serial."
	echo "To leave: $2."
}

announce_view() {
	case $view in
	window)
		announce "a window" "close the window, or press Ctrl-C here"
		;;
	curses)
		announce "this terminal" \
			"press Alt-2 (or Esc and 2 at once), type quit, Enter"
		[ -z "$small" ] || echo "$small Enlarge it to see all."
		if [ -t 0 ]; then
			printf 'Press Enter to boot. '
			read -r _
		fi
		;;
	serial)
		if [ -t 0 ]; then
			announce "serial line" "press Ctrl-A, then x"
			[ -z "$small" ] ||
				echo "$small To see that: enlarge it, start again."
		else
			announce "serial line" "press Ctrl-C"
		fi
		;;
	esac
}

# ---- The machine, and what reads it ----------------------------------------

# Descriptors: 3 takes QEMU's log, 4 what comes from COM1, 5 is what is typed,
# 6 and 7 where this script writes and says errors.

# What is piped in comes once the guest has said something: before that the
# loader listens for the diagnostics' key, and what else comes is lost.
feed_keys() {
	mkfifo "$scratch/keys" || exit 1
	exec 8<> "$scratch/keys"
	guarded sh -c 'until [ -s "$1" ]; do sleep 1; done; exec cat' \
		feed_keys "$serial" <&5 >&8 5<&- 6>&- 8>&- &
	exec 5<&8 8>&-
}

machine() {
	com1=stdio,id=com1
	case $view in
	window)
		set -- -display "$(window_display)"
		exec >&4
		;;
	curses)
		com1=file,id=com1,path=/dev/fd/4
		set -- -display curses
		exec >&6
		;;
	serial)
		if [ -t 5 ]; then
			com1=$com1,mux=on,signal=off
			set -- -display none -mon chardev=com1
		else
			set -- -display none -monitor none
		fi
		exec >&4
		;;
	esac
	if [ -n "$time_limit" ]; then
		path=$(printf '%s\n' "$scratch/monitor" | sed 's/,/,,/g')
		set -- "$@" -chardev "pipe,id=watch,path=$path" -mon watch
	fi
	exec sh "$tools/machine.sh" "$image" "$@" -chardev "$com1" \
		-serial chardev:com1 -d int,cpu_reset -D /dev/fd/3 \
		<&5 2>&7 5<&- 6>&- 7>&-
}

# Keeps what comes from COM1 and prints it, but for curses, which has the
# terminal for itself. What is a panic page is followed by its source.
watch_serial() {
	if [ "$view" = curses ]; then
		tee "$serial" | sh "$tools/explain-panic.sh" "$image"
	else
		tee "$serial" /dev/fd/3 3>&1 >&8 |
			sh "$tools/explain-panic.sh" "$image" >&8
	fi 8>&1 2>&7
}

# The only one that writes where we write: whatever waits there does not keep
# the others from their end. When nobody reads that any more, we end.
show() {
	if [ "$view" = curses ]; then
		exec 6> "$panic"
	fi
	(guarded cat >&6 2>&7)
	if [ ! -e "$scratch/status" ]; then
		kill -PIPE $$
		kill -TERM $$ # PIPE may be ignored
	fi
}

# QEMU's log grows by kilobytes with each interrupt: it goes to a reader that
# keeps only what matters for a reset. Nobody need be told that some of these
# were ended, which shells do.
run_machine() {
	exec 7>&2 2> /dev/null
	{
		{
			(machine) 3>&1
			echo $? > "$scratch/status"
		} | sh "$tools/explain-reset.sh" "$build" "$kernel" \
			> "$reason" 2>&7 4>&-
	} 4>&1 | watch_serial | show
}

# ---- How it ended ----------------------------------------------------------

# What the guest has on its text screen goes to a file, by QEMU's monitor.
save_screen() {
	file=$(printf '%s\n' "$scratch/screen" | sed 's/["\\]/\\&/g')
	echo "pmemsave 0xb8000 4000 \"$file\"" > "$scratch/monitor.in"
	sleep 1
}

# Each second one look at the time, so that little is left running.
watch_time() {
	left=$time_limit
	while [ "$left" -gt 0 ]; do
		sleep 1
		[ -d "$scratch" ] && [ ! -e "$scratch/status" ] || return 0
		left=$((left - 1))
	done
	save_screen
	: > "$scratch/late"
	kill "$(cat "$PID_FILE")"
}

# show_screen: the rows that are not blank, when serial said nothing
show_screen() {
	[ -s "$scratch/screen" ] && [ ! -s "$serial" ] || return 0
	echo "Nothing came on the serial line. The text screen:"
	# A cell is a character and its colours, a row 80 of them.
	od -An -v -tu1 "$scratch/screen" | LC_ALL=C awk '{
		for (i = 1; i <= NF; i += 2) {
			shown = $i >= 32 && $i < 127
			row = row sprintf("%c", shown ? $i + 0 : 32)
			if (++cells % 80 == 0) {
				sub(/ +$/, "", row)
				if (row != "")
					print "  " row
				row = ""
			}
		}
	}'
}

# The end of the serial line, for views that do not show it.
show_serial() {
	[ "$view" = curses ] && [ -s "$serial" ] || return 0
	echo "The last lines on the serial line:"
	tail -n 24 "$serial" | sed 's/^/  /'
	cat "$panic"
}

# say_end STATUS: what the machine's end means; sets `status`.
say_end() {
	status=$1
	if [ -e "$scratch/late" ]; then
		show_serial
		show_screen
		echo "The guest did not end in $time_limit seconds" \
			"(TIMEOUT)."
		status=124
	elif [ -s "$reason" ]; then
		show_serial
		cat "$reason"
		status=1
	elif [ "$status" -eq $success ]; then
		show_serial
		echo "The guest ended with success (QEMU status $success)."
		status=0
	elif [ "$status" -eq $failure ]; then
		show_serial
		sh "$tools/explain-fault.sh" "$kernel" < "$serial"
		echo "The guest ended with failure (QEMU status $failure)."
	elif [ "$status" -eq 0 ]; then
		[ ! -s "$panic" ] || show_serial
		echo "QEMU was closed, or the guest switched off or reset."
		if [ -n "$strict" ]; then
			echo "That is no success: STRICT=1 wants QEMU's" \
				"status $success."
			status=1
		fi
	else
		echo "run: QEMU ended with status $status" >&2
	fi
}

# ---- A kernel ---------------------------------------------------------------

# Makes an image of the kernel, which `image` then names.
make_image() {
	mkimage=${MKIMAGE:-$tools/../build/mkimage}
	if [ ! -x "$mkimage" ]; then
		echo "run: no $mkimage to make an image of $image: run make," \
			"or name one in MKIMAGE" >&2
		exit 1
	fi
	kernel=$image
	# shellcheck disable=SC2086 # flags are words
	"$mkimage" --kernel "$image" --cmdline "${CMDLINE-}" \
		${MKIMAGE_FLAGS-} -o "$scratch/kernel.img" || exit 1
	image=$scratch/kernel.img
}

# ---- Steps -----------------------------------------------------------------

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: run.sh IMAGE|KERNEL.elf (and STRICT, TIMEOUT, VIEW," \
		"MEMORY, QEMU, QEMU_FLAGS, CMDLINE, MKIMAGE_FLAGS)" >&2
	exit 2
fi
image=$1
case $image in -*) image=./$image ;; esac
if [ ! -r "$image" ]; then
	echo "run: $image is not there, make builds it" >&2
	exit 1
fi
if ! command -v "$QEMU" > /dev/null; then
	echo "run: no $QEMU; sh tools/setup.sh installs it" >&2
	exit 1
fi
case ${VIEW-} in
'' | window | curses | serial) ;;
*)
	echo "run: VIEW=$VIEW is not window, curses or serial" >&2
	exit 2
	;;
esac
case ${STRICT-} in '' | 0) strict='' ;; *) strict=1 ;; esac
time_limit=${TIMEOUT-${strict:+60}}
case $time_limit in
*[!0-9]*)
	echo "run: TIMEOUT=$time_limit is no number of seconds" >&2
	exit 2
	;;
esac
build=$(dirname "$image")
kernel=${image%.*}.elf
[ -r "$kernel" ] || kernel=$build/kernel.elf
# As mkimage will say what is wrong with one, these four bytes are enough.
is_elf=
[ "$(head -c 4 "$image" | od -An -tx1 | tr -d ' ')" != 7f454c46 ] || is_elf=1

# What is closed, says or takes nothing.
(: 5<&0) 2> /dev/null || exec < /dev/null
(: 6>&1) 2> /dev/null || exec > /dev/null
exec 5<&0 6>&1
# QEMU would believe these, and not the terminal.
unset LINES COLUMNS

# shellcheck source=tools/scratch.sh
. "$tools/scratch.sh"
# Ctrl-C: the terminal is QEMU's until that has ended.
trap 'exit 130' INT
reason=$scratch/reason
panic=$scratch/panic
: > "$panic"
serial=$(log_file "$build/run-serial.log")
[ -z "$is_elf" ] || make_image
if [ -n "$time_limit" ]; then
	PID_FILE=$scratch/pid
	export PID_FILE
	mkfifo "$scratch/monitor.in" "$scratch/monitor.out" || exit 1
fi

view=${VIEW-} small=
[ -z "$strict" ] || view=${view:-serial}
case $view in
'') choose_view ;;
curses) small=$(too_small) ;;
esac
[ ! -t 1 ] || export COLOR="${COLOR:-always}"
announce_view
[ -t 0 ] || [ "$view" = curses ] || feed_keys
{ exec 9>&- && run_machine; } & # run_machine 9>&- would keep a copy of 9
running=$!
if [ -n "$time_limit" ]; then
	# What the monitor says is for nobody, but may not wait.
	(guarded cat "$scratch/monitor.out") > /dev/null 2>&1 5<&- 6>&- &
	(watch_time) > /dev/null 2>&1 < /dev/null 5<&- 6>&- 9>&- &
fi
wait $running
say_end "$(cat "$scratch/status")"
exit "$status"
