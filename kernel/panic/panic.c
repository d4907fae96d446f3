#include "kernel/panic/panic.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/leave.h"
#include "kernel/panic/page.h"
#include "kernel/panic/paper.h"

/* panic_at() of panic_entry.asm ends here. */
_Noreturn void panic_enter(struct trap_frame *frame, const struct place *place,
			   const char *format, va_list *args);

/* Panics that may come while the page is written. Each section of the page
 * that panics is given up, so more have another reason. */
#define NESTED_MAX 4

static bool leaves_qemu;
static uint64_t build_id;
static _Atomic int panics;
static const struct panic_cause *first;

void panic_leave_qemu(void)
{
	leaves_qemu = true;
}

void panic_set_build(uint64_t id)
{
	build_id = id;
}

_Noreturn static void write_and_stop(const struct panic_cause *cause)
{
	int before = atomic_fetch_add(&panics, 1);

	if (before == 0) {
		first = cause;
		interrupt_ignore_nmis();
		paper_start();
		page_write(cause);
	} else if (before <= NESTED_MAX) {
		page_write_nested(cause);
		page_write(first);
	}
	if (leaves_qemu)
		leave_qemu(DEBUG_EXIT_FAILURE);
	cpu_stop();
}

void panic_enter(struct trap_frame *frame, const struct place *place,
		 const char *format, va_list *args)
{
	const struct panic_cause cause = { frame, place, format, args,
					   build_id };

	/* Where the caller's stack will be once panic_at() had returned. */
	frame->rsp = (uint64_t)(frame + 1) + sizeof(frame->rip);
	frame->cs = cpu_cs();
	frame->ss = cpu_ss();
	write_and_stop(&cause);
}

void panic_trap(const struct trap_frame *frame)
{
	const struct panic_cause cause = { .frame = frame,
					   .build_id = build_id };

	write_and_stop(&cause);
}
