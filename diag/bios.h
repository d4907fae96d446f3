/*
 * bios.h - calls into the BIOS.
 */
#ifndef DIAG_BIOS_H
#define DIAG_BIOS_H

#include <stdbool.h>
#include <stdint.h>

/* What goes in and what comes out. Pointers are offsets in our segment;
 * bios_call() takes `es` as it is, OUR_SEGMENT for our own data. */
struct bios_registers {
	uint32_t eax, ebx, ecx, edx, esi, edi;
	uint16_t es;
	uint16_t flags; /* out: EFLAGS_* */
};

/* Everything is put right after the call but the registers themselves. CF is
 * set, and ZF, when nothing answers. bios.asm */
void bios_call(uint8_t vector, struct bios_registers *registers);

#define OUR_SEGMENT (DISK_BUFFER_ADDR / 16)

#endif
