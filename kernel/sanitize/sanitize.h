/*
 * sanitize.h - a kernel that notices when C reaches beyond an object, or uses
 * one that is gone (make SANITIZE=1).
 *
 * The compiler (-fsanitize=kernel-address) calls a function of address.c before
 * each load and store, and leaves a gap, a red zone, beside each variable that
 * it can't prove to be used rightly. What may be touched is known
 *
 *	of the kernel's image and its stacks	by a shadow: a byte for 8 bytes
 *	of blocks of the heap			by the heap itself
 *	of ranges				by their records
 *
 * A shadow byte says how many of its 8 bytes may be touched: 0 all, 1..7 so
 * many, negative none, and why not (shadow.c). It stands at address / 8 +
 * SHADOW_OFFSET, which the compiler writes into the code of each function with
 * an array.
 *
 * Also here: undefined.c, undefined behaviour in words (-fsanitize=undefined).
 *
 * Context: any.
 */
#ifndef KERNEL_SANITIZE_SANITIZE_H
#define KERNEL_SANITIZE_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef SANITIZE
/* From now on what is touched is checked. The first of all that the kernel
 * does: variables have their red zones only after it. */
void sanitize_start(void);

/* Functions that were called with RSP at or below `rsp` are left without
 * returning (a handler goes on elsewhere): their red zones are forgotten. */
void sanitize_leave(uint64_t rsp);

/* All of a range may be touched: it has a shadow from now on. False: no memory
 * is left for that. */
bool sanitize_range(uint64_t start, uint64_t bytes);
#else
static inline void sanitize_start(void)
{
}

static inline void sanitize_leave(uint64_t rsp)
{
	(void)rsp;
}

static inline bool sanitize_range(uint64_t start, uint64_t bytes)
{
	(void)start;
	(void)bytes;
	return true;
}
#endif

/* ---- shadow.c ------------------------------------------------------------ */

/* Whether an address has a shadow: it lies in the kernel's image, or in a range
 * in use. */
bool shadow_covers(uint64_t address);

/* Whether it lies in the image. */
bool shadow_is_image(uint64_t address);

/* The first byte that may not be touched, of those that have a shadow; 0: all
 * may be. */
uint64_t shadow_find(uint64_t address, size_t bytes);

/* "3 bytes behind `array`, 16 bytes on the stack of f()": what lies beside a
 * byte that may not be touched. */
void shadow_describe(uint64_t address, char *text, size_t size);

/* Everything on the stack in use may be touched, from here to its end. */
void shadow_forget_stack(void);

/* Run what the compiler has made to tell of the variables. */
void shadow_start(void);

#endif
