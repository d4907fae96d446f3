/*
 * fault.c - an exception in 64-bit code, put into a sentence.
 *
 * Serves stage 2 itself and the first steps of any kernel, until that loads
 * an IDT of its own: a first bug is a report, not a reset.
 */
#include "exception.h"

#include "stage2/io.h"
#include "stage2/stage2.h"

#define STUB_SIZE 5 /* bytes of a stub in stubs.asm, which are near calls */

/* Task state segment, 64-bit (Intel SDM 3A, 8.7): only IST1 is used. */
struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
} __attribute__((packed));

static struct tss tss;

_Static_assert(sizeof(struct tss) == 104, "SDM 3A, figure 8-11");

void fault_stack_install(void)
{
	uint64_t base = (uintptr_t)&tss;
	uint16_t selector =
		(uint16_t)((uintptr_t)gdt_tss - (uintptr_t)gdt);

	tss.ist[0] = (uintptr_t)fault_stack_high;
	tss.io_map = sizeof(tss);
	/* SDM 3A, 3.5 and 8.2.3: present, 64-bit TSS (available) */
	gdt_tss[0] = (sizeof(tss) - 1) | (base & 0xFFFFFF) << 16 |
		     (uint64_t)(DESC_PRESENT | 0x900) << 32 |
		     (base >> 24 & 0xFF) << 56;
	gdt_tss[1] = base >> 32;
	__asm__ volatile("ltr %0" : : "r"(selector) : "memory");
	for (int i = 0; i < EXCEPTIONS; i++)
		idt64[2 * i] |= (uint64_t)1 << 32; /* IST1 */
}

_Noreturn void fault_report(uint32_t stub_offset, const uint64_t *stack)
{
	unsigned int vector = stub_offset / STUB_SIZE;
	uint64_t error_code = 0;

	if (exception_has_error_code(vector))
		error_code = *stack++;
	report_error(E_FAULT, (const uint64_t[]){
				      (uintptr_t)exception_name(vector),
				      *stack, error_code, cr2_read() });
}
