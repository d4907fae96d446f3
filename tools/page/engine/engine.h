/*
 * engine.h - what the parts of the engine know of each other.
 *
 * Bochs runs the guest; these files add what a page needs: a loop that stops at
 * any instruction (run.cc), a record of what happened (record.cc), a view of
 * the machine (state.cc) and copies of it (snapshot.cc). What JavaScript calls
 * begins with pc_.
 *
 * Moments: a moment of a boot is the number of steps since power-on. A step is
 * one instruction (a REP with all its repetitions, unless an interrupt comes
 * between), or, while the CPU is halted, the time until something may wake it.
 * The same inputs at the same steps give the same run.
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

EXPORT Bit64u *pc_state(void); /* NO_WORD words, see state.cc */

#define STACKS 64
#define NO_WORD 64

struct stack {
	Bit32u low, high; /* RSP has been between them */
	Bit32u open; /* the innermost open call: its number, from 1 on */
};

/* What JavaScript asks for, and how much is recorded. This is not part of the
 * machine and stays as it is when a snapshot is put back. */
struct controls {
	Bit32u known; /* steps that are recorded */
	Bit32u read_from, read_to; /* physical: pc_run() ends when read */
	Bit32u has_read; /* ... and this is set */
	Bit32u watched; /* a word of pc_state(), NO_WORD: none */
	Bit32u changed; /* after which step it changed last */
	Bit64u value; /* what it held last */
	Bit32u stack, stacks; /* the one in use; how many were seen */
	struct stack all[STACKS];
};
extern struct controls *control;

extern unsigned steps; /* since power-on */
extern bool bochs_started; /* Bochs has come to its loop */

void record_init(void);
void record_step(Bit32u at);
bool record_interrupted(void);
extern Bit8u *record_memory; /* behind all of the machine's state */

#endif
