/*
 * provoke.c - panics on request: each way into the panic page is tried by a
 * boot of its own.
 */
#include <stddef.h>

#include "kernel/command_line.h"
#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/panic/panic.h"
#include "string.h"

/* Above all memory: a page fault. At the start of a page, for readers of whole
 * words. */
#define NOWHERE ((const char *)0x1234568000)

static void plain(void)
{
	panic("the command line asked for a panic");
}

static void assertion(void)
{
	volatile int one = 1;

	ASSERT(one + one == 3);
}

/* Writes past an array on the stack, as far as the protector's value. */
static void smashed_stack(void)
{
	char array[16];
	volatile size_t size = 40;

	for (size_t i = 0; i < size; i++)
		((volatile char *)array)[i] = 'A';
}

static void while_locked(void)
{
	SPINLOCK_HOLD(&console_lock);
	panic("with the console's lock held");
}

static void locked_twice(void)
{
	SPINLOCK_HOLD(&console_lock);
	kprintf("this waits for itself\n");
}

static void released_twice(void)
{
	const struct spinlock_held held = { &console_lock, 0 };

	spinlock_release(&held);
}

static void bad_string(void)
{
	kprintf("a string from nowhere: %s\n", NOWHERE);
}

static void nested(void)
{
	panic("a message from nowhere: %s", NOWHERE);
}

static void scrolled(void)
{
	for (int i = 0; i < 300; i++)
		kprintf("line %d of a screen that has scrolled away\n", i);
	panic("the screen had scrolled");
}

static void divide_error(void)
{
	__asm__ volatile("xorl %%ecx, %%ecx; divl %%ecx" ::
				 : "eax", "ecx", "edx");
}

static void invalid_opcode(void)
{
	__asm__ volatile("ud2");
}

static void general_protection(void)
{
	__asm__ volatile("movw %0, %%ds" : : "r"((uint16_t)0xFFF8));
}

static void page_fault(void)
{
	*(volatile char *)NOWHERE = 1;
}

/* Every general register but the stack's two holds its own pattern. */
static void known_registers(void)
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

static const struct {
	const char *kind;
	void (*provoke)(void);
	enum panic_when when;
} kinds[] = {
	{ "early", plain, PANIC_BEFORE_CONSOLE },
	{ "plain", plain, PANIC_AFTER_CONSOLE },
	{ "assert", assertion, PANIC_AFTER_CONSOLE },
	{ "stack", smashed_stack, PANIC_AFTER_CONSOLE },
	{ "locked", while_locked, PANIC_AFTER_CONSOLE },
	{ "recursion", locked_twice, PANIC_AFTER_CONSOLE },
	{ "release", released_twice, PANIC_AFTER_CONSOLE },
	{ "string", bad_string, PANIC_AFTER_CONSOLE },
	{ "nested", nested, PANIC_AFTER_CONSOLE },
	{ "scrolled", scrolled, PANIC_AFTER_CONSOLE },
	{ "de", divide_error, PANIC_AFTER_CONSOLE },
	{ "ud", invalid_opcode, PANIC_AFTER_CONSOLE },
	{ "gp", general_protection, PANIC_AFTER_CONSOLE },
	{ "pf", page_fault, PANIC_AFTER_CONSOLE },
	{ "registers", known_registers, PANIC_AFTER_CONSOLE },
};

void panic_provoke(enum panic_when when)
{
	const char *kind = command_line_value("panic");

	if (!kind && command_line_has("panic"))
		kind = "plain";
	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].when == when && strcmp(kinds[i].kind, kind) == 0)
			kinds[i].provoke();
}
