#include "kernel/cpu/gdt.h"

#include "boot/x86.h"
#include "kernel/cpu/stack.h"
#include "string.h"

#define SEGMENT(type)                                                      \
	((uint64_t)(DESC_PRESENT | DESC_NOT_SYSTEM | DESC_ACCESSED | (type)) \
	 << 32)

/* Base and limit of these mean nothing to 64-bit code (SDM 3A, "Segmentation in
 * IA-32e Mode"); 32-bit code wants all of 4 GiB. */
#define FLAT_32 (DESC_32 | DESC_4K | DESC_LIMIT_HIGH)
#define FLAT_LIMIT_LOW 0xFFFF

static const uint64_t segments[SEL_TSS / 8] = {
	[SEL_CODE / 8] = SEGMENT(DESC_CODE | DESC_READ | DESC_LONG),
	[SEL_DATA / 8] = SEGMENT(DESC_WRITE | FLAT_32) | FLAT_LIMIT_LOW,
	[SEL_CODE32 / 8] = SEGMENT(DESC_CODE | DESC_READ | FLAT_32) |
			   FLAT_LIMIT_LOW,
	[SEL_ABSENT / 8] = SEGMENT(DESC_WRITE) ^ (uint64_t)DESC_PRESENT << 32,
	[SEL_USER_DATA / 8] = SEGMENT(DESC_WRITE | DESC_RING3),
	[SEL_USER_CODE / 8] =
		SEGMENT(DESC_CODE | DESC_READ | DESC_LONG | DESC_RING3),
};

/* In writable memory: LTR marks the TSS busy. */
uint64_t gdt[GDT_ENTRIES];

/* Two entries long: SDM 3A, "TSS Descriptor in 64-bit mode". */
void gdt_load_tss(uint32_t number, const struct tss *tss, uint16_t bytes)
{
	uint32_t selector = SEL_TSS + number * TSS_ENTRY_SIZE;
	uint64_t base = (uint64_t)tss;
	uint64_t limit = bytes - 1U;

	gdt[selector / 8] = (base >> 24 & 0xFF) << 56 |
			    (uint64_t)(DESC_PRESENT | DESC_TSS) << 32 |
			    (base & 0xFFFFFF) << 16 | limit;
	gdt[selector / 8 + 1] = base >> 32;
	__asm__ volatile("ltr %w0" : : "r"(selector));
}

/* A far return is the way to another CS; the data segments follow. */
static void load_segments(void)
{
	__asm__ volatile("pushq %0\n\t"
			 "leaq 1f(%%rip), %%rax\n\t"
			 "pushq %%rax\n\t"
			 "lretq\n"
			 "1:\tmovl %1, %%ds\n\t"
			 "movl %1, %%es\n\t"
			 "movl %1, %%ss\n\t"
			 "movl %2, %%fs\n\t"
			 "movl %2, %%gs"
			 :
			 : "i"(SEL_CODE), "r"(SEL_DATA), "r"(0)
			 : "rax", "memory");
}

/* The TSS may be in use already, in a panic, and an NMI finds its stack there
 * at any time: so nothing in it is ever 0 for a while. */
static void fill_tss(struct tss *tss, const struct stack *own)
{
	tss->ist[IST_DF - 1] = stack_top(&own[STACK_DF]);
	tss->ist[IST_NMI - 1] = stack_top(&own[STACK_NMI]);
	tss->ist[IST_MC - 1] = stack_top(&own[STACK_MC]);
	tss->io_map = sizeof(*tss);
}

void gdt_start(void)
{
	memcpy(gdt, segments, sizeof(segments));
}

void gdt_start_cpu(uint32_t number, struct tss *tss, const struct stack *own)
{
	const struct table_register gdtr = { sizeof(gdt) - 1, (uint64_t)gdt };

	fill_tss(tss, own);
	__asm__ volatile("lgdt %0" : : "m"(gdtr));
	load_segments();
	gdt_load_tss(number, tss, sizeof(*tss));
}
