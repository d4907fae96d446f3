#include "kernel/panic/panic.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/emulator.h"
#include "kernel/panic/page.h"
#include "kernel/panic/tell.h"

/* panic_at() of interrupt_entry.asm ends here. */
_Noreturn void panic_enter(struct trap_frame *frame, const struct place *place,
			   const char *format, va_list *args);

/* Panics that may come while the page is written. Each section of the page
 * that panics is given up, so more have another reason. */
#define NESTED_MAX 4

/* These variables may be overwritten. Then the page must still be written, and
 * QEMU's port left alone: so only values that memory does not have by chance
 * count. */
#define NO_PANIC 0x0DDC0DE500000000
#define LEAVES 0x4C65617665515521

/* NO_PANIC, or with it: the processor that panics, its number + 1, and above
 * that how many panics it had. */
static _Atomic uint64_t panic_state = NO_PANIC;
#define PANICS_CPU 0xFF
#define PANICS_ONE 0x100

static uint64_t leaves_qemu; /* LEAVES: it does */
static const struct panic_cause *first_cause;

/* link/kernel.ld: PANIC_STOP of tell.h */
extern panic_stop *const panic_stop_start[], *const panic_stop_end[];

void panic_leave_qemu(void)
{
	leaves_qemu = LEAVES;
}

/*
 * The first instructions of a panic, panic_at() of interrupt_entry.asm
 * among them:
 * up to where it is counted. They call nothing outside of themselves.
 */
#define PANIC_ENTRY __attribute__((section(".panic_entry")))
extern const char panic_entry_start[], panic_entry_end[]; /* link/kernel.ld */

/* Which processor panics, its number + 1; 0: none does. */
PANIC_ENTRY static uint32_t who_panics(uint64_t state)
{
	uint32_t cpu = state & PANICS_CPU;

	return state >> 32 == NO_PANIC >> 32 && cpu <= CPUS_MAX ? cpu : 0;
}

/* The first processor wins; returns how many panics it had before this one.
 * Others stop here: they leave where they were, for the page. */
PANIC_ENTRY static uint32_t count_panic(const struct trap_frame *frame)
{
	const uint32_t me = cpu_number() + 1;
	uint64_t before = panic_state, after;

	do {
		if (!who_panics(before)) {
			after = NO_PANIC + PANICS_ONE + me;
		} else if (who_panics(before) == me) {
			after = before + PANICS_ONE;
		} else {
			cpu_this()->stopped = frame;
			cpu_stop();
		}
	} while (!atomic_compare_exchange_strong(&panic_state, &before, after));
	return who_panics(before) ? (uint32_t)before / PANICS_ONE : 0;
}

static void stop_others(void)
{
	for (panic_stop *const *stop = panic_stop_start; stop < panic_stop_end;
	     stop++)
		(*stop)();
}

PANIC_ENTRY _Noreturn static void
write_and_stop(const struct panic_cause *cause)
{
	uint32_t before = count_panic(cause->frame);

	if (before == 0) {
		first_cause = cause;
		page_begin();
		stop_others();
		interrupt_start_again();
		writer_start();
		page_write(cause);
	} else if (before <= NESTED_MAX) {
		page_write_nested(cause);
		page_write(first_cause);
	}
	if (leaves_qemu == LEAVES)
		leave_qemu(DEBUG_EXIT_FAILURE);
	cpu_stop();
}

PANIC_ENTRY void panic_enter(struct trap_frame *frame,
			     const struct place *place, const char *format,
			     va_list *args)
{
	const struct panic_cause cause = { frame, place, format, args };

	/* The caller's stack pointer, as if panic_at() had returned. */
	frame->rsp = (uint64_t)(frame + 1) + sizeof(frame->rip);
	frame->cs = cpu_cs();
	frame->ss = cpu_ss();
	write_and_stop(&cause);
}

/* One that comes on the processor that panics, its panic counted or not. It
 * would take the place of the first message, or add one that explains
 * nothing. */
PANIC_ENTRY static bool is_late_nmi(const struct trap_frame *frame)
{
	return frame->vector == VECTOR_NMI &&
	       (who_panics(panic_state) == cpu_number() + 1 ||
		(frame->rip >= (uint64_t)panic_entry_start &&
		 frame->rip < (uint64_t)panic_entry_end));
}

PANIC_ENTRY void panic_trap(const struct trap_frame *frame)
{
	const struct panic_cause cause = { .frame = frame };

	if (!is_late_nmi(frame))
		write_and_stop(&cause);
}
