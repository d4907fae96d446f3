#include "kernel/panic/panic.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/emulator.h"
#include "kernel/panic/page.h"
#include "kernel/panic/paper.h"

/* panic_at() of panic_entry.asm ends here. */
_Noreturn void panic_enter(struct trap_frame *frame, const struct place *place,
			   const char *format, va_list *args);

/* Panics that may come while the page is written. Each section of the page
 * that panics is given up, so more have another reason. */
#define NESTED_MAX 4

/* What was written over these must neither keep the page from being written nor
 * write to a port: their values are none that memory has by chance. */
#define NO_PANIC 0x0DDC0DE500000000
#define LEAVES 0x4C65617665515521

static _Atomic uint64_t panics = NO_PANIC; /* and their number */
static uint64_t leaves_qemu;		   /* LEAVES: it does */

static uint64_t build_id;
static const struct panic_cause *first;

void panic_leave_qemu(void)
{
	leaves_qemu = LEAVES;
}

void panic_set_build(uint64_t id)
{
	build_id = id;
}

/*
 * The first instructions of a panic, panic_at() of panic_entry.asm among them:
 * up to where its cause is noted. They call nothing outside of themselves.
 */
#define PANIC_ENTRY __attribute__((section(".panic_entry")))
extern const char panic_entry_start[], panic_entry_end[]; /* link/kernel.ld */

PANIC_ENTRY static bool has_begun(void)
{
	uint64_t count = panics - NO_PANIC;

	return count > 0 && count <= UINT32_MAX;
}

/* How many panics there were before this one. */
PANIC_ENTRY static uint32_t count_panic(void)
{
	uint64_t before = atomic_fetch_add(&panics, 1) - NO_PANIC;

	if (before > UINT32_MAX) {
		before = 0;
		panics = NO_PANIC + 1;
	}
	return (uint32_t)before;
}

/* The cause comes first: what happens from then on is told beside it. */
PANIC_ENTRY _Noreturn static void
write_and_stop(const struct panic_cause *cause)
{
	uint32_t before;

	if (!has_begun())
		first = cause;
	before = count_panic();
	if (before == 0) {
		page_begin();
		interrupt_start_again();
		paper_start();
		page_write(cause);
	} else if (before <= NESTED_MAX) {
		page_write_nested(cause);
		page_write(first);
	}
	if (leaves_qemu == LEAVES)
		leave_qemu(DEBUG_EXIT_FAILURE);
	cpu_stop();
}

PANIC_ENTRY void panic_enter(struct trap_frame *frame,
			     const struct place *place, const char *format,
			     va_list *args)
{
	const struct panic_cause cause = { frame, place, format, args,
					   build_id };

	/* Where the caller's stack will be once panic_at() had returned. */
	frame->rsp = (uint64_t)(frame + 1) + sizeof(frame->rip);
	frame->cs = cpu_cs();
	frame->ss = cpu_ss();
	write_and_stop(&cause);
}

/* One that comes when a panic is on its way, its cause noted or not. It would
 * take the place of the first message, or add one that explains nothing. */
PANIC_ENTRY static bool is_late_nmi(const struct trap_frame *frame)
{
	return frame->vector == VECTOR_NMI &&
	       (has_begun() || (frame->rip >= (uint64_t)panic_entry_start &&
				frame->rip < (uint64_t)panic_entry_end));
}

PANIC_ENTRY void panic_trap(const struct trap_frame *frame)
{
	const struct panic_cause cause = { .frame = frame,
					   .build_id = build_id };

	if (!is_late_nmi(frame))
		write_and_stop(&cause);
}
