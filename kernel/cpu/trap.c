#include "kernel/cpu/trap.h"

#include <stddef.h>

#include "kernel/cpu/cpu.h"
#include "kernel/panic/panic.h"

struct idt_gate { /* SDM 3A, 6.14.1 */
	uint16_t offset_low;
	uint16_t selector;
	uint16_t type; /* IST in bits 0..2 */
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

struct __attribute__((packed)) idt_register {
	uint16_t limit;
	uint64_t base;
};

/* trap_entry.asm: EXCEPTIONS entries of the same size */
extern const char trap_entries[], trap_entries_end[];

static _Alignas(16) struct idt_gate idt[EXCEPTIONS];

static struct idt_gate gate(const char *entry)
{
	uint64_t offset = (uint64_t)entry;

	return (struct idt_gate){
		.offset_low = (uint16_t)offset,
		.selector = cpu_cs(),
		.type = DESC_PRESENT | GATE_INTERRUPT,
		.offset_middle = (uint16_t)(offset >> 16),
		.offset_high = (uint32_t)(offset >> 32),
	};
}

void trap_start(void)
{
	const struct idt_register idtr = { sizeof(idt) - 1, (uint64_t)idt };
	size_t size = (size_t)(trap_entries_end - trap_entries) / EXCEPTIONS;

	for (size_t i = 0; i < EXCEPTIONS; i++)
		idt[i] = gate(trap_entries + i * size);
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

void trap_handle(struct trap_frame *frame)
{
	panic_trap(frame);
}
