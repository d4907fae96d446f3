#!/bin/sh
# link.sh - compile the engine's own files and link them with Bochs's.
#
#	link.sh BOCHS OUT
#
# BOCHS  what build.sh made
# OUT    folder for engine.js and engine.wasm
set -eu

if [ $# -ne 2 ] || [ "$1" = --help ]; then
	echo "usage: link.sh BOCHS OUT" >&2
	exit 2
fi
bochs=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
unset EM_CACHE
export NODE_PATH=/usr/share/nodejs
mkdir -p "$out"
out=$(cd "$out" && pwd)

cd "$bochs"
for name in run record state snapshot; do
	em++ -O2 -Wall -Wno-unused -s SUPPORT_LONGJMP=wasm -I. \
		-Iinstrument/firstlight -I"$here" -D_FILE_OFFSET_BITS=64 \
		-D_LARGE_FILES -c "$here/$name.cc" -o "$out/$name.o"
done

# FORCE_FILESYSTEM: Bochs reads its BIOS, disk and settings as files, in memory.
# --wrap: see run.cc. The stack lies below everything: nothing grows into it.
em++ -O2 -s SUPPORT_LONGJMP=wasm -s MODULARIZE=1 -s EXPORT_NAME=Engine \
	-s ENVIRONMENT=web,worker,node -s FORCE_FILESYSTEM=1 \
	-s INITIAL_MEMORY=240MB -s TOTAL_STACK=1MB \
	-s EXPORTED_RUNTIME_METHODS=FS,callMain,UTF8ToString \
	-s EXPORTED_FUNCTIONS=_main \
	-Wl,--wrap=mktime -Wl,--wrap=time -Wl,--wrap=gettimeofday \
	-Wl,--wrap=_ZN12logfunctions6fatal1EPKcz \
	-Wl,--wrap=_ZN8BX_CPU_C8cpu_loopEv \
	-Wl,--wrap=_ZN14bx_pc_system_c14set_enable_a20Eb \
	-Wl,--wrap=_ZN8BX_CPU_C5CPUIDEP15bxInstruction_c \
	-o "$out/engine.js" "$out/run.o" "$out/record.o" \
	"$out/state.o" "$out/snapshot.o" \
	main.o logio.o config.o pc_system.o osdep.o plugin.o crc.o bxthread.o \
	iodev/libiodev.a iodev/display/libdisplay.a iodev/hdimage/libhdimage.a \
	cpu/libcpu.a cpu/cpudb/libcpudb.a memory/libmemory.a gui/libgui.a \
	cpu/fpu/libfpu.a cpu/softfloat3e/libsoftfloat.a
