/*
 * step.h - step mode: the loader stops at each milestone, and waits for a key.
 *
 * Stage 2 has no code for it. A breakpoint in the CPU's debug registers raises
 * exception 1 at the first instruction of a milestone's routine, and its vector
 * leads here. The last stop is before the last BIOS call: without the BIOS no
 * key can be read.
 */
#ifndef DIAG_STEP_H
#define DIAG_STEP_H

#include <stdint.h>

/* Copies this program to where it may stay while the boot goes on, and sets
 * the first stop; or says why not. Once, before it returns to stage 2. */
void step_start(void);

/* Restarts the PC: jumps to the BIOS's first instruction. */
void restart(void);

/* Exception 1, in real mode. `frame` is the offset in stage 2's stack, segment
 * 0, of a struct step_frame. Called by step_trap in step_entry.asm. */
void step_stop(uint32_t frame);

/* What step_trap has pushed. */
struct step_frame {
	uint16_t gs, fs, es, ds;
	uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint16_t ip, cs, flags;
};

#endif
