/*
 * kinds.h - every exception, caused on purpose: panic=KIND on the command
 * line, `fault KIND` at the prompt.
 *
 *	#DE #DB #BP #UD #NM #GP #PF	by an instruction that may do that
 *	#OF #BR		INTO and BOUND are invalid in 64-bit mode: by a visit to
 *			32-bit code in compatibility mode (fault_modes.asm)
 *	#DF		a page fault on a stack that is not there
 *	#TS		INT 2 when the TSS is too short for the NMI's stack
 *	#NP #SS		a descriptor that is not present
 *	#MF #XM		a division by zero that is not masked. The TCG of QEMU
 *			7.2 knows no #XM: there the kind returns
 *	#AC		only ring 3 is checked: by a visit to it
 *			(fault_modes.asm). The TCG of QEMU 7.2 does not check:
 *			there the kind returns
 *	NMI #MC		come from outside; INT n enters their handlers
 *
 * pf-data and pf-stack need NX, pf-reserved a CPU whose physical addresses have
 * fewer than 52 bits: elsewhere these kinds return.
 *
 * Software cannot cause vector 9 (no CPU of today does), #VE, #HV, #VC, #SX
 * (virtual machines) and #CP (CET is not switched on).
 */
#ifndef KERNEL_FAULT_KINDS_H
#define KERNEL_FAULT_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- provoke.c ----------------------------------------------------------- */

/* If the command line says panic=KIND, panic in that way (provoke.c). Called
 * once `before` and once after the console has been started. */
enum fault_when { FAULT_BEFORE_CONSOLE, FAULT_AFTER_CONSOLE };
void fault_provoke(enum fault_when when);

/* The n-th KIND, from 0; NULL: there are no more. */
const char *fault_kind(size_t n);

/* Panic in that way, at once. NULL: there is no such kind; else it came back,
 * and this is why. */
const char *fault_cause(const char *kind);

/* ---- Between the files of this room -------------------------------------- */

struct fault {
	const char *kind;
	const char *help; /* at most 57 characters */
	/* Returns only where the CPU does not raise the exception. */
	void (*cause)(void);
	/* Undo what cause() changed: page rights, bits of registers, a
	 * descriptor; called when it has returned. NULL: nothing to undo. */
	void (*close)(void);
};

/* fault.c */
extern const struct fault faults[];
extern const size_t fault_count;

/* undefined.c: undefined behaviour; none in a kernel that is not sanitized */
extern const struct fault undefined[];
extern const size_t undefined_count;

/* fault_heap.c: mistakes with memory that C allows. They come back where
 * nothing notices them. */
extern const struct fault heap_faults[];
extern const size_t heap_fault_count;

/* fault_lock.c: mistakes with locks, the same */
extern const struct fault lock_faults[];
extern const size_t lock_fault_count;

/* fault_memory.c: page faults and stacks */
void fault_nowhere(void);
void fault_null(void);
void fault_null_call(void);
void fault_write_text(void);
void fault_write_constant(void);
void fault_execute_data(void);
void fault_execute_stack(void);
void fault_jump(void);
void fault_reserved_bit(void);
void fault_reserved_bit_close(void);
void fault_guard_page(void);
void fault_no_window(void);
void fault_no_window_close(void);
void fault_recursion(void);
void fault_recursion_by_turns(void);
void fault_lost_stack(void);

/* Change bits of a page table entry, one at a time, and back. */
void fault_entry_change(uint64_t page, uint64_t clear, uint64_t set);
void fault_entry_restore(uint64_t page);

void fault_write_execute(void);
void fault_write_execute_close(void);

/* fault_modes.asm */
void fault_into(void);
void fault_bound(void);

/* fault_user.c */
void fault_unaligned(void);
void fault_unaligned_close(void);

#endif
