# needs.sh - the tools this project needs, for setup.sh and doctor.sh.
# shellcheck shell=sh

# ---- What is needed ------------------------------------------------------

# One line each: set, check, packages of apt, dnf, pacman and brew, purpose.
# A check is a command's name, or with @ a function below. Packages may be
# @cc or @binutils, see packages_of.
# Set "run": to build and boot. "lab": what the labs and make debug need. "test":
# what tests need. "more": what tests and targets use if it is there. "window":
# only where there is a display. "toolchain", "page", "booklet": only when asked
# for.
tools() {
	cat <<-'EOF'
	run|make|make|make|make|make|runs the build
	run|@cross_cc|@cc|gcc|gcc|x86_64-elf-gcc|compiles the kernel
	run|@host_cc|gcc libc6-dev|gcc glibc-devel|gcc|gcc|compiles the image tool
	run|nasm|nasm|nasm|nasm|nasm|assembles the boot stages
	run|@cross_ld|@binutils|binutils|binutils|x86_64-elf-binutils|links
	run|qemu-system-x86_64|qemu-system-x86|qemu-system-x86-core qemu-ui-curses|qemu-system-x86 qemu-ui-curses|qemu|boots the image
	window|@qemu_window|qemu-system-gui|qemu-ui-gtk|qemu-ui-gtk|-|boots it in a window
	lab|@python_pytest|python3 python3-pytest|python3-pytest|python-pytest|python3|drives the emulators
	test|@python_xdist|python3-pytest-xdist|python3-pytest-xdist|python-pytest-xdist|-|boots in parallel
	lab|@python_pil|python3-pil|python3-pillow|python-pillow|pillow|reads screens
	lab|@header_cmocka|libcmocka-dev|libcmocka-devel|cmocka|cmocka|unit tests on the host
	lab|qemu-img|qemu-utils|qemu-img|qemu-img|qemu|other disk formats, make debug going back
	lab|gdb|gdb|gdb|gdb|gdb|make debug
	lab|patch|patch|patch|patch|gpatch|diagnosis labs, make museum
	test|@fuzzer|clang libclang-rt-dev|clang compiler-rt|clang compiler-rt|llvm|second compiler, fuzzing
	test|ld.lld|lld|lld|lld|lld|second linker
	test|clang-format|clang-format|clang-tools-extra|clang|clang-format|make lint
	test|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|make lint
	test|shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck|make lint
	test|codespell|codespell|codespell|codespell|codespell|make lint
	more|bwrap|bubblewrap|bubblewrap|bubblewrap|-|make grade: its sandbox
	more|xorriso|xorriso|xorriso|libisoburn|xorriso|make iso
	more|sfdisk|fdisk|util-linux|util-linux|-|checks the partition table
	more|sgdisk|gdisk|gdisk|gptfdisk|gptfdisk|makes disks to explain
	more|parted|parted|parted|parted|-|makes disks to explain
	more|mkfs.fat|dosfstools|dosfstools|dosfstools|dosfstools|makes disks to explain
	more|syslinux|syslinux syslinux-common isolinux mtools|syslinux mtools|syslinux mtools|-|makes disks to explain
	more|grub-mkrescue|grub-common grub-pc-bin mtools|grub2-tools-extra grub2-pc-modules|grub mtools|-|makes disks to explain
	more|@ovmf|ovmf|edk2-ovmf|edk2-ovmf|-|a PC with UEFI
	more|cargo|cargo rustc|cargo|rust|rust|examples/rust
	more|bochs|bochs bochs-term|bochs|bochs|bochs|a second PC
	more|@bochs_bios|bochsbios vgabios|bochs|bochs|bochs|its firmware
	more|spin|spin|-|-|spin|make models
	more|tmux|tmux|tmux|tmux|tmux|tests of make run in a terminal
	page|emcc|emscripten|emscripten|emscripten|emscripten|make page-engine
	page|@bochs_bios|bochsbios vgabios|bochs|bochs|bochs|the firmware in the page
	page|node|nodejs|nodejs|nodejs|node|its pictures and tests
	page|@python_pygments|python3-pygments|python3-pygments|python-pygments|python3|colours its sources
	page|zopfli|zopfli|zopfli|zopfli|zopfli|makes the page 4 % smaller
	page|chromium|chromium|chromium|chromium|-|its tests in a browser
	booklet|chromium|chromium fonts-dejavu|chromium dejavu-sans-mono-fonts|chromium ttf-dejavu|-|prints the booklet
	booklet|@python_pygments|python3-pygments|python3-pygments|python-pygments|python3|colours its sources
	booklet|@python_markdown_it|python3-markdown-it|python3-markdown-it-py|python-markdown-it-py|-|reads its prose
	booklet|qrencode|qrencode|qrencode|qrencode|qrencode|its links for a camera
	booklet|pdftotext|poppler-utils|poppler-utils|poppler|poppler|its test
	toolchain|g++|g++|-|-|-|make toolchain
	toolchain|m4|m4|-|-|-|make toolchain
	toolchain|bison|bison|-|-|-|make toolchain
	toolchain|flex|flex|-|-|-|make toolchain
	toolchain|xz|xz-utils|-|-|-|make toolchain
	toolchain|@gcc_libraries|libgmp-dev libmpfr-dev libmpc-dev|-|-|-|make toolchain
	toolchain|@gcc_source|@gcc-source binutils-source|-|-|-|make toolchain
	EOF
}

# ---- Checks: one function where a command's name does not say it ---------

# Debian keeps what handles disks where only root looks.
have() {
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" > /dev/null 2>&1
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

# Where checks compile; removed at exit.
make_scratch() {
	scratch=$(mktemp -d) || exit 1
	trap 'rm -rf "$scratch"' EXIT
	trap 'exit 1' HUP INT TERM PIPE # not every shell does the above then
}

# compiles COMPILER FLAGS...: can a host program on stdin be compiled and linked?
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

python() {
	sh "$(dirname "$0")/python.sh" "$@" 2> /dev/null
}

check_python_pytest() { python -c 'import pytest'; }
check_python_xdist() { python -c 'import xdist'; }
check_python_pil() { python -c 'import PIL.Image'; }
check_python_markdown_it() { python -c 'import markdown_it'; }
check_python_pygments() { python -c 'import pygments'; }

check_qemu_window() {
	qemu-system-x86_64 -display help 2> /dev/null |
		grep -qE '^(gtk|sdl|cocoa)$'
}

check_gcc_libraries() {
	echo '#include <mpc.h>
	int main(void) { return 0; }' | compiles cc -lmpc -lmpfr -lgmp
}

# The sources of the distribution's compiler and binutils.
check_gcc_source() {
	ls /usr/src/gcc-[0-9]*/gcc-*.tar.* \
		/usr/src/binutils/binutils-*.tar.* > /dev/null 2>&1
}

check_ovmf() {
	[ -e /usr/share/ovmf/OVMF.fd ] || [ -e /usr/share/edk2/ovmf/OVMF.fd ] ||
		[ -e /usr/share/edk2/x64/OVMF.4m.fd ]
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

# ---- Packages ------------------------------------------------------------

# Sets manager.
find_manager() {
	for manager in apt-get dnf pacman brew; do
		have "$manager" && return
	done
	manager=none
}

# packages_of APT DNF PACMAN BREW: this system's, Debian's when unknown; none
# where a "-" stands.
packages_of() {
	case $manager in
	dnf) echo "${2#-}" ;;
	pacman) echo "${3#-}" ;;
	brew) echo "${4#-}" ;;
	*)
		case $1-$(is_x86_64 && echo native) in
		@cc-native) echo gcc ;;
		@cc-) echo gcc-x86-64-linux-gnu ;;
		@gcc-source\ *)
			echo "gcc-$(gcc -dumpversion | cut -d. -f1)-source" \
				"${1#* }"
			;;
		@binutils-native) echo binutils ;;
		@binutils-) echo binutils-x86-64-linux-gnu ;;
		*) echo "$1" ;;
		esac
		;;
	esac
}
