/*
 * provoke.c - panics on request: each way into the panic page is tried by a
 * boot of its own.
 */
#include "kernel/fault/kinds.h"

#include <stddef.h>

#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/device/vga.h"
#include "kernel/input/input.h"
#include "kernel/monitor/command.h"
#include "kernel/panic/page.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/time/timer.h"
#include "string.h"

#define HEADING VGA_ATTRIBUTE(VGA_LIGHT_CYAN, VGA_BLACK)

/* Above all memory: a page fault. At the start of a page, for readers of whole
 * words. */
#define NOWHERE ((const char *)0x1234568000)

extern char data_start[], kernel_end[]; /* link/kernel.ld */

static void provoke_plain(void)
{
	panic("the command line asked for a panic");
}

static void provoke_assertion(void)
{
	volatile int one = 1;

	ASSERT(one + one == 3);
}

/* Writes past an array on the stack, as far as the protector's value. */
__attribute__((no_sanitize("undefined"))) static void
provoke_smashed_stack(void)
{
	char array[16];
	volatile size_t size = 40;

	for (size_t i = 0; i < size; i++)
		((volatile char *)array)[i] = 'A';
}

static void provoke_while_locked(void)
{
	SPINLOCK_HOLD(&console_lock);
	panic("with the console's lock held");
}

static void provoke_locked_twice(void)
{
	SPINLOCK_HOLD(&console_lock);
	kprintf("this waits for itself\n");
}

static void provoke_released_twice(void)
{
	const struct spinlock_held held = { .lock = &console_lock };

	spinlock_release(&held);
}

static void provoke_bad_string(void)
{
	kprintf("a string from nowhere: %s\n", NOWHERE);
}

static void provoke_nested(void)
{
	panic("a message from nowhere: %s", NOWHERE);
}

/* A breakpoint where each line of the page is written: no panic in it ends. */
static void provoke_nested_always(void)
{
	__asm__ volatile("movq %0, %%dr0; movq %1, %%dr7"
			 :
			 : "r"(&writer_write), "r"((uint64_t)DR7_BREAK_0)
			 : "memory");
	panic("a page that cannot be written");
}

static void provoke_scrolled(void)
{
	for (int i = 0; i < 300; i++)
		kprintf("line %d of a screen that has scrolled away\n", i);
	panic("the screen had scrolled");
}

/* Every general register but the stack's two holds its own pattern. */
static void provoke_known_registers(void)
{
	__asm__ volatile("movabsq $0xA1A1A1A1A1A1A1A1, %%rax\n\t"
			 "movabsq $0xB1B1B1B1B1B1B1B1, %%rbx\n\t"
			 "movabsq $0xC1C1C1C1C1C1C1C1, %%rcx\n\t"
			 "movabsq $0xD1D1D1D1D1D1D1D1, %%rdx\n\t"
			 "movabsq $0x5151515151515151, %%rsi\n\t"
			 "movabsq $0xD2D2D2D2D2D2D2D2, %%rdi\n\t"
			 "movabsq $0x0808080808080808, %%r8\n\t"
			 "movabsq $0x0909090909090909, %%r9\n\t"
			 "movabsq $0x1010101010101010, %%r10\n\t"
			 "movabsq $0x1111111111111111, %%r11\n\t"
			 "movabsq $0x1212121212121212, %%r12\n\t"
			 "movabsq $0x1313131313131313, %%r13\n\t"
			 "movabsq $0x1414141414141414, %%r14\n\t"
			 "movabsq $0x1515151515151515, %%r15\n\t"
			 "ud2" ::
				 : "rax", "rbx", "rcx", "rdx", "rsi", "rdi",
				   "r8", "r9", "r10", "r11", "r12", "r13",
				   "r14", "r15");
}

/* Frame pointers to an address that is not mapped, to an odd address, and to
 * themselves. */
static void provoke_frame_nowhere(void)
{
	__asm__ volatile("movq %0, %%rbp; ud2" : : "r"(NOWHERE));
}

static void provoke_frame_odd(void)
{
	__asm__ volatile("orq $1, %rbp; ud2");
}

static void provoke_frame_circle(void)
{
	uint64_t link[2] = { (uint64_t)link,
			     (uint64_t)provoke_frame_circle + 1 };

	__asm__ volatile("movq %0, %%rbp; ud2" : : "r"(link), "m"(link));
}

/* Two that were started: one says where it stopped, the other does not. */
static struct trap_frame provoke_elsewhere;

static void provoke_other_processors(void)
{
	cpus[1].started = CPU_STARTED;
	cpus[2].started = CPU_STARTED;
	provoke_elsewhere.rip = (uint64_t)provoke_other_processors;
	panic("with other processors");
}

PANIC_STOP(provoke)
{
	if (provoke_elsewhere.rip == (uint64_t)provoke_other_processors)
		cpus[1].stopped = &provoke_elsewhere;
}

static void provoke_in_tick(void)
{
	panic("in the timer's interrupt");
}

static void provoke_in_interrupt(void)
{
	if (!timer_name())
		return; /* nothing ticks */
	timer_on_tick(provoke_in_tick);
	for (;;)
		cpu_halt();
}

/* All variables but the stacks, of which the guard pages cannot be written; GDT
 * and IDT, too, are among them. */
NO_STACK_PROTECTOR static void provoke_trashed(void)
{
	const struct {
		uint64_t start, end;
	} parts[] = {
		{ (uint64_t)data_start, (uint64_t)&stacks[0] },
		{ (uint64_t)&stacks[STACKS], (uint64_t)kernel_end },
	};

	cpu_interrupts_off();
	for (int i = 0; i < 2; i++) {
		uint64_t to = parts[i].start, count = parts[i].end - to;

		__asm__ volatile("rep stosb"
				 : "+D"(to), "+c"(count)
				 : "a"(0xA5)
				 : "memory");
	}
	panic("the kernel's variables are lost");
}

/* Without an IDT every exception is a triple fault: the CPU shuts down, and the
 * board resets it. tools/explain-reset.sh tells what came first. */
static void provoke_reset(void)
{
	static const uint16_t no_idt[5];

	__asm__ volatile("lidt %0; ud2" : : "m"(no_idt));
}

/* What is not an exception (fault.c) or undefined (undefined.c). */
static const struct fault panic_kinds[] = {
	{ "early", "as plain; panic=early comes before there is a console",
	  provoke_plain, NULL },
	{ "plain", "a panic with a message", provoke_plain, NULL },
	{ "assert", "an assertion that does not hold", provoke_assertion,
	  NULL },
	{ "stack", "an array on the stack written beyond its end",
	  provoke_smashed_stack, NULL },
	{ "locked", "a panic while the console is locked", provoke_while_locked,
	  NULL },
	{ "recursion", "a lock that is taken twice by the same processor",
	  provoke_locked_twice, NULL },
	{ "release", "a lock released by who does not hold it",
	  provoke_released_twice, NULL },
	{ "string", "kprintf() of a string at an address that is not mapped",
	  provoke_bad_string, NULL },
	{ "nested", "a panic whose message cannot be read: a panic inside it",
	  provoke_nested, NULL },
	{ "nested-always", "a panic whose page cannot be written at all",
	  provoke_nested_always, NULL },
	{ "scrolled", "a panic after 300 lines", provoke_scrolled, NULL },
	{ "registers", "#UD with a known pattern in each register",
	  provoke_known_registers, NULL },
	{ "frame-nowhere", "#UD; the frame pointer leads to no memory",
	  provoke_frame_nowhere, NULL },
	{ "frame-odd", "#UD; the frame pointer is odd", provoke_frame_odd,
	  NULL },
	{ "frame-circle", "#UD; the frame pointer leads to itself",
	  provoke_frame_circle, NULL },
	{ "processors", "a panic with others, one of which does not stop",
	  provoke_other_processors, NULL },
	{ "tick", "a panic in the timer's interrupt", provoke_in_interrupt,
	  NULL },
	{ "wx", "a page that may be written and executed is looked for",
	  fault_write_execute, fault_write_execute_close },
	{ "trashed", "a panic with all variables overwritten", provoke_trashed,
	  NULL },
	{ "reset", "a triple fault: the machine resets", provoke_reset, NULL },
};
static const size_t panic_kind_count =
	sizeof(panic_kinds) / sizeof(panic_kinds[0]);

static const struct fault_table {
	const char *what;
	const struct fault *kinds;
	const size_t *count;
} tables[] = {
	{ "ways to panic", panic_kinds, &panic_kind_count },
	{ "exceptions and interrupts", faults, &fault_count },
	{ "memory misused", heap_faults, &heap_fault_count },
	{ "locks misused", lock_faults, &lock_fault_count },
	{ "undefined behaviour", undefined, &undefined_count },
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

static const struct fault *provoke_kind_at(size_t n)
{
	for (size_t i = 0; i < TABLES; i++) {
		if (n < *tables[i].count)
			return &tables[i].kinds[n];
		n -= *tables[i].count;
	}
	return NULL;
}

const char *fault_kind(size_t n)
{
	const struct fault *kind = provoke_kind_at(n);

	return kind ? kind->kind : NULL;
}

/* Why such a kind came back. */
static const char *provoke_came_back(const struct fault *kind)
{
	if ((kind >= heap_faults && kind < heap_faults + heap_fault_count) ||
	    (kind >= lock_faults && kind < lock_faults + lock_fault_count))
		return "nothing noticed it; a kernel of make SANITIZE=1 would";
	return "this processor does not do it";
}

const char *fault_cause(const char *wanted)
{
	const struct fault *kind;

	for (size_t n = 0; (kind = provoke_kind_at(n)); n++) {
		if (strcmp(kind->kind, wanted) == 0) {
			kind->cause();
			if (kind->close)
				kind->close();
			return provoke_came_back(kind);
		}
	}
	return NULL;
}

/* kmain() itself does the first. */
static const char *panic_choice(size_t n)
{
	return n == 0 ? "return" : fault_kind(n - 1);
}

COMMAND_LINE_WORD(panic, .value = "KIND", .choice = panic_choice,
		  .help = "end in a panic, of some kind");

void fault_provoke(enum fault_when when)
{
	const char *kind, *why;
	bool early;

	if (!command_line_find("panic", &kind))
		return;
	if (!kind)
		kind = "plain";
	early = strcmp(kind, "early") == 0;
	if (early != (when == FAULT_BEFORE_CONSOLE))
		return;
	why = fault_cause(kind);
	if (why)
		kprintf("panic=%s: %s\n", kind, why);
}

/* ---- At the prompt ------------------------------------------------------- */

COMMAND(panic, .group = GROUP_FAULTS, .help = "end in a panic, to see its page")
{
	panic("the monitor was asked for a panic");
}

static void list_kinds(const struct fault_table *table)
{
	if (*table->count)
		kprintf_colored(HEADING, "%s\n", table->what);
	for (size_t n = 0; n < *table->count && !input_stopped(); n++)
		kprintf("%-20s %s\n", table->kinds[n].kind,
			table->kinds[n].help);
}

COMMAND(fault, .group = GROUP_FAULTS, .arguments = "[KIND]", .most = 1,
	.candidate = fault_kind,
	.help = "cause a fault on purpose; without KIND: list them")
{
	const char *why;

	if (count == 1) {
		for (size_t i = 0; i < TABLES; i++)
			list_kinds(&tables[i]);
		kprintf("fault KIND causes one: most end in a panic page, and "
			"the machine stops.\n");
		return;
	}
	why = fault_cause(words[1]);
	kprintf("%s: %s\n", words[1],
		why ? why : "no such kind; fault lists them all");
}
