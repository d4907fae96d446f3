/*
 * ready.c - comes up, says so, and is as large as tests/boot.mk wants it.
 *
 * FILLER bytes of initialised data make many chunks to read and to sum,
 * BSS bytes of variables a large range to clear and to find free.
 */
#include "say.h"

#ifndef FILLER
#define FILLER 16
#endif
#ifndef BSS
#define BSS 16
#endif

void _start(void);

static volatile uint8_t filler[FILLER] = { 1, 2, 3, [FILLER - 1] = 4 };
static volatile uint8_t bss[BSS];

void _start(void)
{
	for (uint64_t i = 0; i < BSS; i++) {
		if (bss[i]) {
			say("bss is not zero\n");
			leave(DEBUG_EXIT_FAILURE);
		}
	}
	if (filler[0] != 1 || filler[FILLER - 1] != 4) {
		say("data is not what it was\n");
		leave(DEBUG_EXIT_FAILURE);
	}
	say("test kernel: ready\n");
	leave(DEBUG_EXIT_SUCCESS);
}
