/*
 * test_fault.c - what faults on purpose change, they change back.
 *
 * Each is caused and survived, whether the CPU raises it or not: then its
 * close() is called, and the processor must be as before.
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "crc32c.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/fault/kinds.h"
#include "kernel/memory/pages.h"
#include "kernel/sanitize/sanitize.h"
#include "kernel/test/test.h"
#include "string.h"

/* survive.asm */
void survive(void (*function)(void), uint64_t *stack);
void survive_return(void);

extern const char kernel_end[];

/* SDM 3A, "Accessed and Dirty Flags" */
#define PTE_NOTED_BY_CPU 0x60

static uint64_t stack; /* for survive_return() */

static void end_it(struct trap_frame *frame)
{
	sanitize_leave(stack);
	frame->rip = (uint64_t)survive_return;
	frame->cs = SEL_CODE;
	frame->ss = SEL_DATA;
	frame->rsp = stack;
	frame->rflags &= ~(uint64_t)EFLAGS_TF;
	/* A handler that this one interrupted is never left. */
	cpu_this()->nesting = 1;
}

/* NULL: as without a test. */
static void handle_all(void (*handler)(struct trap_frame *frame))
{
	for (unsigned int vector = 0; vector < EXCEPTIONS; vector++)
		interrupt_handle(vector, handler);
	interrupt_handle(VECTOR_FREE, handler);
}

/* ---- What must not change ------------------------------------------------ */

struct state {
	uint64_t cr0, cr3, cr4, efer, flags, dr7;
	uint16_t ds, es, fs, gs, ss, x87_control, x87_status;
	uint32_t mxcsr;
	uint64_t gdt[GDT_ENTRIES];
	struct tss tss;
	uint32_t idt, pages; /* CRCs */
};

/* What may be done with each page up to the kernel's end. */
static uint32_t crc_of_pages(void)
{
	uint32_t crc = 0;

	for (uint64_t page = 0; page < (uint64_t)kernel_end;
	     page += PAGE_SIZE) {
		struct paging_walk walk;
		uint64_t entry;

		pages_walk(page, &walk);
		entry = walk.step[walk.levels - 1].entry &
			~(uint64_t)PTE_NOTED_BY_CPU;
		crc = crc32c(crc, &entry, sizeof(entry));
	}
	return crc;
}

static void read_state(struct state *state)
{
	memset(state, 0, sizeof(*state));
	state->cr0 = cpu_cr0();
	state->cr3 = cpu_cr3();
	state->cr4 = cpu_cr4();
	state->efer = cpu_read_msr(MSR_EFER);
	state->flags = cpu_flags() &
		       (EFLAGS_TF | EFLAGS_IF | EFLAGS_DF | EFLAGS_AC);
	__asm__ volatile("movq %%dr7, %0" : "=r"(state->dr7));
	__asm__ volatile("movw %%ds, %0" : "=r"(state->ds));
	__asm__ volatile("movw %%es, %0" : "=r"(state->es));
	__asm__ volatile("movw %%fs, %0" : "=r"(state->fs));
	__asm__ volatile("movw %%gs, %0" : "=r"(state->gs));
	state->ss = cpu_ss();
	__asm__ volatile("fnstcw %0\n\tfnstsw %1"
			 : "=m"(state->x87_control), "=m"(state->x87_status));
	__asm__ volatile("stmxcsr %0" : "=m"(state->mxcsr));
	memcpy(state->gdt, gdt, sizeof(gdt));
	state->tss = cpu_this()->tss;
	state->idt = crc32c(0, idt, sizeof(idt));
	state->pages = crc_of_pages();
}

/* ---- Tests --------------------------------------------------------------- */

static bool is_closed(const struct fault *fault)
{
	static struct state before, after;

	read_state(&before);
	handle_all(end_it);
	survive(fault->cause, &stack);
	if (fault->close)
		fault->close();
	handle_all(NULL);
	read_state(&after);
	return memcmp(&before, &after, sizeof(before)) == 0;
}

TEST(fault_closes_what_it_opens)
{
	bool all_closed = true;

	for (size_t n = 0; n < fault_count; n++) {
		/* That lock would stay locked. */
		if (strcmp(faults[n].kind, "nmi-locked") == 0)
			continue;
		if (!is_closed(&faults[n])) {
			kprintf("# fault %s leaves something open\n",
				faults[n].kind);
			all_closed = false;
		}
	}
	EXPECT(all_closed);
}
