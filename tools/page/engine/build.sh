#!/bin/sh
# build.sh - compile Bochs's libraries to WebAssembly. Minutes; done once.
#
#	build.sh BOCHS
#
# BOCHS  Bochs 3.0, unpacked, see fetch.sh. It is compiled where it lies; none
#        of its files is changed.
set -eu

if [ $# -ne 1 ] || [ "$1" = --help ]; then
	echo "usage: build.sh BOCHS" >&2
	exit 2
fi
bochs=$1
here=$(cd "$(dirname "$0")" && pwd)

# Debian's emscripten finds its libraries in a cache that it may not write; it
# makes another one if it is not told where. Its acorn is in Debian's folder.
unset EM_CACHE
export NODE_PATH=/usr/share/nodejs

cd "$bochs"
# The folder for one's own instrument.h, see instrument/instrumentation.txt.
mkdir -p instrument/firstlight
cp "$here/instrument.h" instrument/stubs/Makefile.in instrument/firstlight/

# A PC with VGA, IDE, keyboard, serial port, PCI and ACPI. Handlers chaining
# and trace linking would run several instructions at once; we count each.
emconfigure ./configure --host=wasm32-unknown-emscripten \
	--enable-x86-64 --enable-cpu-level=6 --with-nogui --without-x \
	--enable-instrumentation=instrument/firstlight \
	--disable-handlers-chaining --disable-trace-linking \
	--disable-debugger --disable-gdb-stub --disable-plugins \
	--disable-large-ramfile --disable-show-ips --disable-stats \
	--disable-docbook --disable-readline \
	--disable-usb --disable-ne2000 --disable-cdrom --disable-gameport \
	--disable-busmouse --disable-es1370 --disable-sb16 --disable-voodoo \
	--disable-clgd54xx --disable-e1000 --disable-pnic \
	--disable-vmx --disable-svm --disable-avx --disable-evex \
	--disable-3dnow CFLAGS=-O2 CXXFLAGS=-O2 > configure.log 2>&1 ||
	{ tail -n 20 configure.log >&2; exit 1; }

# SUPPORT_LONGJMP=wasm: exceptions of the guest are longjmp()s; by way of
# JavaScript each would cost microseconds, and so would each call that may
# end in one. libgen.h: gui/keymap.cc of 3.0 calls basename() without it.
EMCC_CFLAGS='-s SUPPORT_LONGJMP=wasm -include libgen.h' \
	make -j"${JOBS:-2}" \
	iodev/libiodev.a iodev/display/libdisplay.a iodev/hdimage/libhdimage.a \
	cpu/libcpu.a cpu/cpudb/libcpudb.a cpu/fpu/libfpu.a \
	cpu/softfloat3e/libsoftfloat.a memory/libmemory.a gui/libgui.a \
	logio.o main.o config.o pc_system.o osdep.o plugin.o crc.o bxthread.o \
	> make.log 2>&1 || { tail -n 20 make.log >&2; exit 1; }
emranlib cpu/softfloat3e/libsoftfloat.a
