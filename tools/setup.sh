#!/bin/sh
# setup.sh - list the tools that are missing here and install them.
#
#	sh tools/setup.sh [--run] [--check]
#
# Says what it is going to run before it runs it, and asks when there is a
# terminal to answer on. `make run` and `make test` call it when they miss
# something.
set -u

usage() {
	cat <<-'EOF'
	usage: sh tools/setup.sh [--run] [--check]

	Installs what is missing with the system's package manager.
	  --run    only what building and booting needs, not the tests
	  --check  only list; status 1 when something needed is missing
	  --yes    do not ask
	EOF
}

# ---- What is needed ------------------------------------------------------

# One line each: set, check, packages of apt, dnf, pacman and brew, purpose.
# A check is a command's name, or with @ a function below. Packages may be
# @cc or @binutils, see packages_of.
# Set "run": to build and boot. "test": what tests need. "more": what tests
# and targets use if it is there. "window": only where there is a display.
tools() {
	cat <<-'EOF'
	run|make|make|make|make|make|runs the build
	run|@cross_cc|@cc|gcc|gcc|x86_64-elf-gcc|compiles the kernel
	run|@host_cc|gcc libc6-dev|gcc glibc-devel|gcc|gcc|compiles the image tool
	run|nasm|nasm|nasm|nasm|nasm|assembles the boot stages
	run|@cross_ld|@binutils|binutils|binutils|x86_64-elf-binutils|links
	run|qemu-system-x86_64|qemu-system-x86|qemu-system-x86-core qemu-ui-curses|qemu-system-x86 qemu-ui-curses|qemu|boots the image
	window|@qemu_window|qemu-system-gui|qemu-ui-gtk|qemu-ui-gtk|-|boots it in a window
	test|@python_pytest|python3 python3-pytest|python3-pytest|python-pytest|python3|drives the emulators
	test|@python_xdist|python3-pytest-xdist|python3-pytest-xdist|python-pytest-xdist|-|boots in parallel
	test|@python_pil|python3-pil|python3-pillow|python-pillow|pillow|reads screens
	test|@header_cmocka|libcmocka-dev|libcmocka-devel|cmocka|cmocka|unit tests on the host
	test|qemu-img|qemu-utils|qemu-img|qemu-img|qemu|other disk formats
	test|gdb|gdb|gdb|gdb|gdb|make debug
	test|@fuzzer|clang libclang-rt-dev|clang compiler-rt|clang compiler-rt|llvm|second compiler, fuzzing
	test|ld.lld|lld|lld|lld|lld|second linker
	test|clang-format|clang-format|clang-tools-extra|clang|clang-format|make lint
	test|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|make lint
	test|shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck|make lint
	test|codespell|codespell|codespell|codespell|codespell|make lint
	more|xorriso|xorriso|xorriso|libisoburn|xorriso|make iso
	more|sfdisk|fdisk|util-linux|util-linux|-|checks the partition table
	more|bochs|bochs bochs-term|bochs|bochs|bochs|a second PC
	more|@bochs_bios|bochsbios vgabios|bochs|bochs|bochs|its firmware
	more|tmux|tmux|tmux|tmux|tmux|tests of make run in a terminal
	EOF
}

# ---- Checks: one function where a command's name does not say it ---------

have() {
	command -v "$1" > /dev/null 2>&1
}

is_x86_64() {
	case $(uname -m) in x86_64 | amd64) return 0 ;; esac
	return 1
}

# cross TOOL: a TOOL for x86-64 ELF, by any of the names the Makefile knows.
cross() {
	have "x86_64-elf-$1" || have "x86_64-linux-gnu-$1" ||
		{ is_x86_64 && [ "$(uname -s)" != Darwin ] && have "$1"; }
}

check_cross_cc() { cross gcc; }
check_cross_ld() { cross ld && cross objcopy; }

# compiles FLAGS...: can a host program on stdin be compiled and linked?
compiles() {
	compiler=$1
	shift
	"$compiler" -x c - -o "$scratch/a.out" "$@" 2> /dev/null
}

check_host_cc() {
	echo '#include <stdio.h>
	int main(void) { return puts("") < 0; }' | compiles cc
}

check_header_cmocka() {
	echo '#include <stdarg.h>
	#include <stddef.h>
	#include <setjmp.h>
	#include <stdint.h>
	#include <cmocka.h>
	int main(void) { return 0; }' | compiles cc -lcmocka
}

check_fuzzer() {
	echo '#include <stddef.h>
	int LLVMFuzzerTestOneInput(const char *at, size_t size);
	int LLVMFuzzerTestOneInput(const char *at, size_t size)
	{ return size > 9 && at[0] == 1; }' |
		compiles clang -fsanitize=fuzzer,address,undefined
}

# The distribution's Python, the one whose packages it installs.
python() {
	if [ -x /usr/bin/python3 ]; then
		/usr/bin/python3 "$@"
	else
		python3 "$@"
	fi 2> /dev/null
}

check_python_pytest() { python -c 'import pytest'; }
check_python_xdist() { python -c 'import xdist'; }
check_python_pil() { python -c 'import PIL.Image'; }

check_qemu_window() {
	qemu-system-x86_64 -display help 2> /dev/null |
		grep -qE '^(gtk|sdl|cocoa)$'
}

check_bochs_bios() {
	[ -e /usr/share/bochs/BIOS-bochs-latest ] ||
		[ -e /usr/local/share/bochs/BIOS-bochs-latest ]
}

present() {
	case $1 in
	@*) "check_${1#@}" ;;
	*) have "$1" ;;
	esac
}

# ---- What is missing -----------------------------------------------------

find_manager() {
	for manager in apt-get dnf pacman brew; do
		have "$manager" && return
	done
	manager=none
}

# Expand the packages that depend on the machine.
packages_of() {
	case $1 in
	@cc) is_x86_64 && echo gcc || echo gcc-x86-64-linux-gnu ;;
	@binutils)
		is_x86_64 && echo binutils || echo binutils-x86-64-linux-gnu
		;;
	-) ;;
	*) echo "$1" ;;
	esac
}

wanted() {
	case $1 in
	run) return 0 ;;
	window) [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] ;;
	*) [ "$only_run" = no ] ;;
	esac
}

# Sets needed and optional (packages), missing and absent (checks by name).
find_missing() {
	needed='' optional='' missing='' absent=''
	while IFS='|' read -r set check apt dnf pacman brew purpose; do
		wanted "$set" || continue
		present "$check" && continue
		case $manager in
		apt-get) packages=$apt ;;
		dnf) packages=$dnf ;;
		pacman) packages=$pacman ;;
		brew) packages=$brew ;;
		*) packages=$apt ;;
		esac
		packages=$(packages_of "$packages")
		case $set in
		run | test)
			missing="$missing ${check#@}"
			needed="$needed $packages"
			kind=needed
			;;
		*)
			absent="$absent ${check#@}"
			optional="$optional $packages"
			kind='nice to have'
			;;
		esac
		printf '  %-20s %-13s %-24s %s\n' "${check#@}" "$kind" \
			"${packages:--}" "$purpose"
	done <<-EOF
	$(tools)
	EOF
}

# ---- Installing ----------------------------------------------------------

# available PACKAGE...: those that the package manager has heard of.
available() {
	for package; do
		if [ "$manager" != apt-get ] ||
			apt-cache show "$package" > /dev/null 2>&1; then
			printf ' %s' "$package"
		fi
	done
}

# as_root COMMAND...: say it, then do it.
as_root() {
	echo "+ $sudo$*"
	$sudo "$@"
}

# unique WORD...
unique() {
	printf '%s\n' "$@" | awk '!seen[$0]++' | tr '\n' ' '
}

install_command() {
	case $manager in
	apt-get)
		echo "env DEBIAN_FRONTEND=noninteractive apt-get install -y" \
			"--no-install-recommends"
		;;
	dnf) echo "dnf install -y --setopt=install_weak_deps=False" ;;
	pacman) echo "pacman -Sy --needed --noconfirm" ;;
	brew) echo "brew install" ;;
	esac
}

# Sets sudo to what makes root of us; fails when nothing does.
become_root() {
	sudo=''
	[ "$manager" = brew ] && return 0
	[ "$(id -u)" -eq 0 ] && return 0
	have sudo || return 1
	sudo='sudo '
}

confirm() {
	[ "$ask" = yes ] && [ -t 0 ] && [ -t 1 ] || return 0
	printf 'Go ahead? [Y/n] '
	read -r answer || return 1
	case $answer in '' | [yY]*) return 0 ;; esac
	return 1
}

install_missing() {
	# What is only nice to have may be unknown to this release.
	# shellcheck disable=SC2046,SC2086 # words are wanted apart here
	packages=$(unique $needed $(available $optional))
	if ! become_root; then
		printf '\nInstalling needs root and there is no sudo. As root:\n'
		[ "$manager" = apt-get ] && echo '  apt-get update'
		echo "  $(install_command) $packages"
		return 1
	fi
	printf '\nTo install them, this will be run:\n'
	[ "$manager" = apt-get ] && echo "  ${sudo}apt-get update"
	echo "  $sudo$(install_command) $packages"
	if ! confirm; then
		echo 'Nothing was installed.'
		return 1
	fi
	if [ "$manager" = apt-get ]; then
		as_root apt-get update || echo 'setup: going on with old lists'
		# Where there were no lists, they name more packages now.
		# shellcheck disable=SC2046,SC2086
		packages=$(unique $needed $(available $optional))
	fi
	# shellcheck disable=SC2046,SC2086
	as_root $(install_command) $packages
}

main() {
	only_run=no only_check=no ask=yes
	for argument; do
		case $argument in
		--run) only_run=yes ;;
		--check) only_check=yes ;;
		--yes) ask=no ;;
		--help | -h) usage; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
	done
	scratch=$(mktemp -d) || exit 1
	trap 'rm -rf "$scratch"' EXIT
	find_manager

	echo "Looking for tools:"
	find_missing
	if [ -z "$missing$absent" ]; then
		echo "  everything is here"
		exit 0
	fi
	if [ $only_check = yes ]; then
		[ -z "$missing" ] && exit 0
		echo "To install them: sh tools/setup.sh"
		exit 1
	fi
	if [ $manager = none ]; then
		echo "setup: no apt-get, dnf, pacman or brew here; install the" \
			"above by hand (Debian's package names)" >&2
		exit 1
	fi
	install_missing || { [ -z "$missing" ]; exit; }

	echo "Looking again:"
	find_missing
	if [ -n "$missing" ]; then
		echo "setup: still missing:$missing" >&2
		exit 1
	fi
	echo "Ready. Next: make run"
}

main "$@"
