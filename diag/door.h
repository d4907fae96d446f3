/*
 * door.h - calls into stage 2, and through it into the BIOS.
 *
 * Each quirk of the BIOS and of the hardware is answered in one place, stage 2
 * (docs/hardware.md). Here its routines and variables are called stage2_NAME;
 * the linker gets their addresses from stage2.elf (STAGE2_FOR_DIAG in the
 * Makefile). The comment above a routine in stage2/ says what it does.
 */
#ifndef DIAG_DOOR_H
#define DIAG_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "diag/far.h"

/* What goes in and what comes out; segments come back as they were. */
struct registers {
	uint32_t eax, ebx, ecx, edx, esi, edi;
	uint16_t ds, es;
	uint16_t flags; /* out: EFLAGS_* */
	uint16_t unused;
};

/* Addresses in segment 0. */
typedef const char stage2_routine[];
typedef const char stage2_variable[];

/* Calls a routine, with `word` on the stack in front of the return address if
 * it is not 0. door.asm */
void door_call(stage2_routine routine, uint32_t word,
	       struct registers *registers);

/* Calls a routine that takes nothing; its CF: 1 is a failure. */
static inline bool stage2_call(stage2_routine routine)
{
	struct registers registers = { 0 };

	door_call(routine, 0, &registers);
	return registers.flags & EFLAGS_CF;
}

/* The byte and the dword at a variable, and any number of bytes. */
static inline uint8_t stage2_byte(stage2_variable variable)
{
	return far_read(0, (uint32_t)(uintptr_t)variable);
}

static inline void stage2_copy(void *to, stage2_variable from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((uint8_t *)to)[i] =
			far_read(0, (uint32_t)((uintptr_t)from + i));
}

static inline uint32_t stage2_dword(stage2_variable variable)
{
	uint32_t value;

	stage2_copy(&value, variable, sizeof(value));
	return value;
}

#define OUR_SEGMENT (DISK_BUFFER_ADDR / 16)

extern stage2_routine stage2_bios_call;

/* Calls the BIOS. Pointers in `registers` are offsets in our segment, which the
 * caller also writes into `es`, if the call takes ES. CF is set if the BIOS
 * lacks the call. */
static inline void bios_call(uint8_t vector, struct registers *registers)
{
	registers->ds = OUR_SEGMENT;
	door_call(stage2_bios_call, vector * 4u, registers);
}

#endif
