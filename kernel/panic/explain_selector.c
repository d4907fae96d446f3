/*
 * explain_selector.c - faults of segments and of privilege: #TS, #NP, #SS,
 * #GP.
 */
#include "boot/x86.h"
#include "kernel/panic/facts.h"
#include "paging.h"

/* The error code of a selector: SDM 3A, "Error Code". */
static void explain_code(struct text *text, const struct trap_facts *facts)
{
	uint64_t error = facts->frame->error;
	uint64_t index = (error & 0xFFFF) >> 3;

	text_add(text, ", error %#lx: ", error);
	if (error & SELECTOR_IDT)
		text_add(text, "vector %lu of the IDT", index);
	else if (error & SELECTOR_LDT)
		text_add(text, "selector %lu of the LDT, which does not exist",
			 index);
	else if (index >= facts->gdt_entries)
		text_add(text, "selector %lu of the GDT, which has %u", index,
			 facts->gdt_entries);
	else
		text_add(text, "selector %lu of the GDT", index);
	if (error & SELECTOR_EXTERNAL)
		text_add(text, ", on the way to another handler");
}

/* Names the registers that hold no address, one of which may have been used
 * as one. */
static unsigned int explain_registers(struct text *text,
				      const struct trap_frame *frame)
{
	const struct {
		const char *name;
		uint64_t value;
	} registers[] = {
		{ "rax", frame->rax }, { "rbx", frame->rbx },
		{ "rcx", frame->rcx }, { "rdx", frame->rdx },
		{ "rsi", frame->rsi }, { "rdi", frame->rdi },
		{ "rbp", frame->rbp }, { "rsp", frame->rsp },
		{ "r8", frame->r8 },   { "r9", frame->r9 },
		{ "r10", frame->r10 }, { "r11", frame->r11 },
		{ "r12", frame->r12 }, { "r13", frame->r13 },
		{ "r14", frame->r14 }, { "r15", frame->r15 },
	};
	unsigned int found = 0;

	for (size_t i = 0; i < sizeof(registers) / sizeof(*registers); i++)
		if (!paging_is_canonical(registers[i].value))
			text_add(text, "%s%s", found++ ? ", " : ": ",
				 registers[i].name);
	return found;
}

/* Opcodes 0F xx whose operands the CPU may refuse (SDM 2D, "Opcode Map"). */
static bool explain_system(struct text *text, const struct trap_facts *facts)
{
	uint64_t msr = facts->frame->rcx & 0xFFFFFFFF;

	if (facts->code[0] != 0x0F)
		return false;
	switch (facts->code[1]) {
	case 0x22:
		text_add(text, ": a value that CR%u does not take",
			 facts->code[2] >> 3 & 7);
		return true;
	case 0x30:
		text_add(text,
			 ": a value that MSR %#lx does not take, or no "
			 "such MSR",
			 msr);
		return true;
	case 0x32:
		text_add(text, ": there is no MSR %#lx", msr);
		return true;
	default:
		return false;
	}
}

void explain_selector(struct text *text, const struct trap_facts *facts)
{
	unsigned int found;

	if (facts->frame->error) {
		explain_code(text, facts);
		return;
	}
	text_add(text, ", error 0");
	if (explain_system(text, facts))
		return;
	found = explain_registers(text, facts->frame);
	if (found)
		text_add(text, " %s no canonical address",
			 found == 1 ? "holds" : "hold");
	else if (!paging_is_canonical(facts->frame->rip))
		text_add(text, ": RIP is not a canonical address");
	else
		text_add(text, ": the cause is not a selector");
}
