#include "kernel/panic/panic.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/leave.h"
#include "kernel/panic/page.h"
#include "kernel/panic/paper.h"

/* panic_at() of panic_entry.asm ends here. */
_Noreturn void panic_enter(struct trap_frame *frame, const struct place *place,
			   const char *format, va_list *args);

static bool leaves_qemu;
static _Atomic int panics;

void panic_leave_qemu(void)
{
	leaves_qemu = true;
}

_Noreturn static void write_and_stop(const struct panic_cause *cause)
{
	switch (atomic_fetch_add(&panics, 1)) {
	case 0:
		paper_start();
		page_write(cause);
		paper_write("The machine is stopped.\n");
		break;
	case 1:
		page_write_nested(cause);
		break;
	default:
		/* Not even a line can be written. */
		break;
	}
	if (leaves_qemu)
		leave_qemu(DEBUG_EXIT_FAILURE);
	cpu_stop();
}

void panic_enter(struct trap_frame *frame, const struct place *place,
		 const char *format, va_list *args)
{
	const struct panic_cause cause = { frame, place, format, args };

	/* Where the caller's stack will be once panic_at() had returned. */
	frame->rsp = (uint64_t)(frame + 1) + sizeof(frame->rip);
	frame->cs = cpu_cs();
	frame->ss = cpu_ss();
	write_and_stop(&cause);
}

void panic_trap(const struct trap_frame *frame)
{
	const struct panic_cause cause = { .frame = frame };

	write_and_stop(&cause);
}
