#!/bin/sh
# doctor.sh - which tool was found, its version, what to install.
#
#	make doctor
#
# Make passes its choices as BUILD, CC, LD, NASM, OBJCOPY, HOSTCC, QEMU.
# Status 1 when something needed is missing.
set -u

# shellcheck source=tools/needs.sh
. "$(dirname "$0")/needs.sh"

# version COMMAND: first line that has a digit
version() {
	case $(basename "$1") in
	nasm) flag=-v ;;
	tmux) flag=-V ;;
	bochs) flag=--help ;;
	*) flag=--version ;;
	esac
	"$1" "$flag" 2>&1 < /dev/null | grep -m 1 '[0-9]\.[0-9]'
}

# chosen NAME COMMAND: a tool that the Makefile took
chosen() {
	# The first word: CC may carry options.
	command=${2%% *}
	if have "$command"; then
		printf '  %-8s %s\n' "$1" "$(command -v "$command")"
		printf '  %-8s %s\n' '' "$(version "$command")"
	else
		printf '  %-8s %s is not there\n' "$1" "$command"
		status=1
	fi
}

found() {
	case $1 in
	@*) ;;
	bochs) command -v "$1" ;;
	*) version "$1" ;;
	esac
}

status=0
make_scratch
find_manager

echo "The build uses:"
chosen CC "${CC:-gcc}"
chosen LD "${LD:-ld}"
chosen OBJCOPY "${OBJCOPY:-objcopy}"
chosen NASM "${NASM:-nasm}"
chosen HOSTCC "${HOSTCC:-cc}"
chosen QEMU "${QEMU:-qemu-system-x86_64}"

echo "Everything there is use for:"
while IFS='|' read -r set check apt dnf pacman brew purpose; do
	if present "$check" < /dev/null; then
		printf '  ok       %-19s %s\n' "${check#@}" "$(found "$check")"
		continue
	fi
	[ "$set" != toolchain ] || continue
	packages=$(packages_of "$apt" "$dnf" "$pacman" "$brew")
	printf '  missing  %-19s %s; install: %s\n' "${check#@}" "$purpose" \
		"${packages:-by hand}"
	case $set in run | test) status=1 ;; esac
done <<EOF
$(tools)
EOF

echo "This machine:"
if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
	echo "  display  ${WAYLAND_DISPLAY:-$DISPLAY}: make run opens a window"
else
	echo "  display  none: make run uses the terminal, or serial"
fi
if (: <> /dev/kvm) 2> /dev/null; then
	echo "  kvm      there: make run QEMU_FLAGS='-accel kvm' is faster"
else
	echo "  kvm      none or not allowed; QEMU emulates, which is enough"
fi

if [ $status -eq 0 ]; then
	echo "All well. Next: make run"
else
	echo "To install what is missing: sh tools/setup.sh"
fi
exit $status
