/*
 * fault_memory.c - page faults on purpose, and stacks that end.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/stack.h"
#include "kernel/fault/kinds.h"
#include "kernel/memory/pages.h"
#include "x86/cpuid.h"

extern char text_start[], rodata_start[];

/* Above all memory. */
#define NOWHERE 0x1234568000

#define LAST_OF_ROM (BIOS_ROM_END - PAGE_SIZE)

#define FAR_BELOW 24 /* bytes into the guard page */

#define OPCODE_RET 0xC3

/* Here the compiler's own checks would come first. */
#define ON_PURPOSE __attribute__((no_sanitize("undefined")))

ON_PURPOSE void fault_nowhere(void)
{
	*(volatile char *)NOWHERE = 1;
}

struct record {
	uint64_t first, second;
};

/* The compiler must not know that they are NULL: it would leave UD2 there. */
static struct record *volatile no_record;
static void (*volatile no_function)(void);

ON_PURPOSE void fault_null(void)
{
	volatile struct record *record = no_record;

	(void)record->second;
}

ON_PURPOSE void fault_null_call(void)
{
	no_function();
}

ON_PURPOSE void fault_jump(void)
{
	void (*volatile function)(void) = (void (*)(void))NOWHERE;

	function();
}

ON_PURPOSE void fault_write_text(void)
{
	*(volatile char *)text_start = 1;
}

ON_PURPOSE void fault_write_constant(void)
{
	*(volatile char *)rodata_start = 1;
}

ON_PURPOSE void fault_execute_data(void)
{
	static uint8_t code = OPCODE_RET;
	void (*volatile function)(void) = (void (*)(void))(uint64_t)&code;

	function();
}

ON_PURPOSE void fault_execute_stack(void)
{
	volatile uint8_t code = OPCODE_RET;

	__asm__ volatile("call *%0" : : "r"(&code) : "memory");
}

/* A page table entry that was changed, and its value before; NULL: none. */
static volatile uint64_t *fault_changed_entry;
static uint64_t fault_entry_before;

void fault_entry_change(uint64_t page, uint64_t clear, uint64_t set)
{
	struct paging_walk walk;

	pages_walk(page, &walk);
	fault_changed_entry =
		(volatile uint64_t *)walk.step[walk.levels - 1].address;
	fault_entry_before = *fault_changed_entry;
	*fault_changed_entry = (fault_entry_before & ~clear) | set;
	cpu_invlpg((uint64_t)page);
}

void fault_entry_restore(uint64_t page)
{
	if (!fault_changed_entry)
		return;
	*fault_changed_entry = fault_entry_before;
	fault_changed_entry = NULL;
	cpu_invlpg((uint64_t)page);
}

void fault_no_window(void)
{
	fault_entry_change(VGA_TEXT_ADDR, ~0ULL, 0);
	*(volatile uint16_t *)VGA_TEXT_ADDR = 1;
}

void fault_no_window_close(void)
{
	fault_entry_restore(VGA_TEXT_ADDR);
}

/* Address bits above those that the CPU has must be 0 in a page table entry
 * (SDM 3A, "4-Level Paging and 5-Level Paging"). The ROM's last page gets one.
 * A CPU that has all 52 reserves none: comes back. */
void fault_reserved_bit(void)
{
	if (cpuid_physical_bits() >= PTE_ADDRESS_BITS)
		return;
	fault_entry_change(LAST_OF_ROM, 0, PTE_ADDRESS_TOP);
	*(volatile uint8_t *)LAST_OF_ROM;
}

void fault_reserved_bit_close(void)
{
	fault_entry_restore(LAST_OF_ROM);
}

/* As by an array that is larger than what is left of the stack. */
ON_PURPOSE void fault_guard_page(void)
{
	uint64_t bottom = (uint64_t)stacks[STACK_BOOT].bytes;

	*(volatile char *)(bottom - FAR_BELOW) = 1;
}

/* Never comes to an end, which the compiler must not know. */
__attribute__((noinline)) static int recurse(volatile int *depth)
{
	volatile int deeper = *depth + 1;

	return deeper ? recurse(&deeper) + deeper : 0;
}

void fault_recursion(void)
{
	volatile int depth = 0;

	recurse(&depth);
}

/* The same by turns of two, which the page does not draw together. */
static int recurse_by_turns(volatile int *depth);

__attribute__((noinline)) static int recurse_turn(volatile int *depth)
{
	volatile int deeper = *depth + 1;

	return deeper ? recurse_by_turns(&deeper) - deeper : 0;
}

__attribute__((noinline)) static int recurse_by_turns(volatile int *depth)
{
	volatile int deeper = *depth + 1;

	return deeper ? recurse_turn(&deeper) * deeper : 0;
}

void fault_recursion_by_turns(void)
{
	volatile int depth = 0;

	recurse_by_turns(&depth);
}

void fault_lost_stack(void)
{
	__asm__ volatile("movq %0, %%rsp; pushq $0" : : "r"(NOWHERE));
}
