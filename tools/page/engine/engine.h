/*
 * engine.h - what the parts of the engine know of each other.
 *
 * Bochs runs the guest; these files add what a page needs: a loop that can
 * stop anywhere (run.cc), a record of what happened (record.cc), a view of the
 * machine (state.cc) and copies of it (snapshot.cc). All that is exported to
 * JavaScript begins with pc_.
 *
 * Positions: a moment of a boot is the number of steps since power-on. A step
 * is one instruction (a REP with all its repetitions, unless an interrupt
 * comes between), or, while the CPU is halted, the time until something may
 * wake it. The same keys at the same steps give the same run.
 */
#ifndef FIRSTLIGHT_ENGINE_H
#define FIRSTLIGHT_ENGINE_H

#define BX_PLUGGABLE
#define NEED_CPU_REG_SHORTCUTS 1
#include "bochs.h"
#include "cpu/cpu.h"
#include "gui/gui.h"
#include "iodev/iodev.h"
#include "memory/memory-bochs.h"
#include "param_names.h"
#include "pc_system.h"
#include "plugin.h"
#include <emscripten.h>

#define CPU BX_CPU(0)
#define EXPORT extern "C" EMSCRIPTEN_KEEPALIVE

/* Which events end a run: bits of pc_stop()'s mask and pc_run()'s answer. */
enum {
	STOP_LIMIT = 0, /* as many steps as were asked for */
	STOP_MARK = 1, /* at an address of pc_marks() */
	STOP_RETURN = 2, /* the routine has returned to its caller */
	STOP_BIOS_CALL = 4, /* inside the BIOS, first instruction of a call */
	STOP_BIOS_ANSWER = 8, /* back from the BIOS */
	STOP_MODE = 16, /* the CPU's mode has changed */
	STOP_INTERRUPT = 32, /* a device interrupted */
	STOP_EXCEPTION = 64,
	STOP_WRITE = 128, /* the watched bytes were written */
	STOP_READ = 256, /* ... read */
	STOP_RESET = 512,
	STOP_SHUTDOWN = 1024, /* the CPU has given up: triple fault */
	STOP_OWN = 2048, /* code that is not the BIOS's */
};

extern unsigned steps; /* done since power-on */
extern unsigned stop_found; /* events of the step under way */

/* Where a run may end, one bit for each address: those that are the same in
 * their lower 22 bits share it, and who asked looks whether it is the one. */
#define MARK_BITS 22

/* What JavaScript asks for. Like the record it is not part of the machine, and
 * stays as it is when a snapshot is put back. */
struct controls {
	Bit32u mask; /* STOP_* wanted */
	Bit32u watch_from, watch_to; /* physical, for STOP_WRITE and _READ */
	Bit32u known; /* steps that are recorded */
	Bit64u return_stack; /* STOP_RETURN: RSP must be above */
	Bit64u mark_stack; /* STOP_MARK: RSP must not be below */
	Bit8u marks[1 << (MARK_BITS - 3)];
};
extern controls *control;

/* Linear address of the next instruction; only its lower 32 bits. */
static inline Bit32u next_address(void)
{
	return (Bit32u)CPU->get_laddr(BX_SEG_REG_CS, RIP);
}

/* Code in ROM, or in the RAM that shadows it. */
static inline bool is_firmware(Bit32u address)
{
	return (address >= 0xC0000 && address < 0x100000 &&
		!CPU->long_mode()) ||
	       address >= 0xFFFE0000;
}

void record_step(Bit32u at);

#endif
