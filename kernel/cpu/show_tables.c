/*
 * show_tables.c - the monitor's commands gdt and idt.
 */
#include "exception.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/cpu/probe.h"
#include "kernel/input/input.h"
#include "kernel/monitor/command.h"
#include "string.h"

/* ---- GDT ----------------------------------------------------------------- */

/* A code or data segment's upper dword: SDM 3A, "Segment Descriptors". */
static void show_segment(uint32_t selector, uint32_t high)
{
	kprintf("%02x  %s, ring %u%s%s%s\n", selector,
		high & DESC_CODE ? "code" : "data", high >> 13 & 3,
		high & DESC_LONG ? ", 64-bit" :
		high & DESC_32	 ? ", 32-bit" :
				   "",
		!(high & DESC_WRITE) ? ", read-only" :
		high & DESC_CODE     ? ", readable" :
				       ", writable",
		high & DESC_PRESENT ? "" : ", not present");
}

/* Two entries long: SDM 3A, "TSS Descriptor in 64-bit mode". */
static void show_system(uint32_t selector, uint64_t low, uint64_t high)
{
	uint32_t upper = (uint32_t)(low >> 32);
	uint64_t base = (low >> 16 & 0xFFFFFF) | low >> 56 << 24 | high << 32;
	uint32_t limit = (uint32_t)(low & 0xFFFF) | (upper & DESC_LIMIT_HIGH);

	kprintf("%02x  %s at %#lx, %u bytes%s\n", selector,
		(upper >> 8 & 0xF) == 0xB ? "TSS, busy," :
		(upper >> 8 & 0xF) == 0x9 ? "TSS" :
					    "system segment",
		base, limit + 1, upper & DESC_PRESENT ? "" : ", not present");
}

static void show_stacks(void)
{
	const struct tss *tss = &cpu_this()->tss;

	for (int i = 0; i < IST_COUNT; i++)
		if (tss->ist[i])
			kprintf("    IST %d: stack from %#lx down\n", i + 1,
				tss->ist[i]);
}

COMMAND(gdt, .group = GROUP_PROCESSOR,
	.help = "show the segments, and the stacks of the TSS")
{
	struct table_register gdtr;
	unsigned int free = 0;

	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	for (uint32_t at = 0; at + 7 <= gdtr.limit; at += 8) {
		uint64_t entry[2] = { 0 };
		uint32_t high;

		probe_read(entry, gdtr.base + at, sizeof(entry));
		high = (uint32_t)(entry[0] >> 32);
		if (!entry[0] && at) {
			free++;
		} else if (!entry[0]) {
			kprintf("%02x  null\n", at);
		} else if (high & DESC_NOT_SYSTEM) {
			show_segment(at, high);
		} else {
			show_system(at, entry[0], entry[1]);
			at += 8;
		}
	}
	show_stacks();
	if (free)
		kprintf("    %u entries more are free, for TSSs of further "
			"processors\n",
			free);
}

/* ---- IDT ----------------------------------------------------------------- */

static uint64_t gate_offset(const struct idt_gate *gate)
{
	return (uint64_t)gate->offset_high << 32 |
	       (uint64_t)gate->offset_middle << 16 | gate->offset_low;
}

/* Whether b's stub follows a's as every other one does, and all else is the
 * same. */
static bool gates_alike(const struct idt_gate *a, const struct idt_gate *b,
			uint64_t step)
{
	return a->selector == b->selector && a->type == b->type &&
	       gate_offset(b) == gate_offset(a) + step;
}

static void show_gate(const struct idt_gate *gate)
{
	unsigned int type = gate->type >> 8 & 0xF, ist = gate->type & 7;

	kprintf("%02x:%016lx  %s", gate->selector, gate_offset(gate),
		type == 0xE ? "interrupt" :
		type == 0xF ? "trap" :
			      "?");
	if (ist)
		kprintf(", IST %u", ist);
	if (gate->type & GATE_RING3)
		kprintf(", ring 3 may call it");
	if (!(gate->type & DESC_PRESENT))
		kprintf(", not present");
}

/* How many gates from this one on are alike; exceptions are shown one by
 * one. */
static unsigned int run_length(unsigned int first)
{
	uint64_t step = first + 1 < VECTORS ? gate_offset(&idt[first + 1]) -
						      gate_offset(&idt[first]) :
					      0;
	unsigned int length = 1;

	while (first + length < VECTORS &&
	       gates_alike(&idt[first + length - 1], &idt[first + length],
			   step))
		length++;
	return length;
}

/* No exception has the number, and the gate is like that of vector 0: the row
 * is left out. */
static bool gate_is_reserved(unsigned int vector)
{
	uint64_t step = gate_offset(&idt[1]) - gate_offset(&idt[0]);

	return strcmp(exception_name(vector), "reserved") == 0 &&
	       gates_alike(&idt[0], &idt[vector], vector * step);
}

/* "09 0f 16-1b": the exceptions' numbers that are left out. */
static void show_reserved(void)
{
	unsigned int vector, last;

	for (vector = 0; vector < EXCEPTIONS; vector = last + 1) {
		last = vector;
		if (!gate_is_reserved(vector))
			continue;
		while (last + 1 < EXCEPTIONS && gate_is_reserved(last + 1))
			last++;
		kprintf("%02x", vector);
		kprintf(last > vector ? "-%02x " : " ", last);
	}
	kprintf("reserved: gates like these, for no exception\n");
}

COMMAND(idt, .group = GROUP_PROCESSOR,
	.help = "show where exceptions and interrupts enter")
{
	unsigned int vector, length;

	for (vector = 0; vector < EXCEPTIONS && !input_stopped(); vector++) {
		if (gate_is_reserved(vector))
			continue;
		kprintf("%02x  ", vector);
		show_gate(&idt[vector]);
		kprintf("  %s\n", exception_name(vector));
	}
	show_reserved();
	for (; vector < VECTORS && !input_stopped(); vector += length) {
		length = run_length(vector);
		kprintf("%02x  ", vector);
		show_gate(&idt[vector]);
		if (length > 1)
			kprintf("  and %u more alike", length - 1);
		kprintf("\n");
	}
}
