/*
 * report.c - the short page of a program that faults.
 */
#include "boot/layout.h"
#include "boot/x86.h"
#include "exception.h"
#include "format.h"
#include "kernel/console/kprintf.h"
#include "kernel/process/archive.h"
#include "kernel/process/parts.h"
#include "symbol.h"

#define TEXT 80

static void describe_code(const struct process *me, vaddr_t address, char *text)
{
	size_t bytes = 0;
	const void *table = archive_symbols(me->name, &bytes);
	struct symbol symbol;

	if (!table || !symbol_find(table, bytes, address, &symbol))
		ksnprintf(text, TEXT, "in no function of its own");
	else if (!symbol.line)
		ksnprintf(text, TEXT, "%s()", symbol.function);
	else
		ksnprintf(text, TEXT, "%s() at %s:%u", symbol.function,
			  symbol.file, symbol.line);
}

/* What a page fault was about: whose the address is. */
static const char *describe_address(struct process *me, vaddr_t address,
				    uint64_t error)
{
	if (memory_find(&me->memory, address))
		return error & PF_FETCH ? "which is not code" :
					  "which it may only read";
	if (address < PAGE_SIZE)
		return "where nothing is: a null pointer";
	if (address < PROGRAM_LOW || address >= PROGRAM_HIGH)
		return "which is the kernel's, or nobody's";
	if (address < PROGRAM_STACK_TOP)
		return "below its stack, which is too small for it";
	return "where it has no memory";
}

static void report_page_fault(struct process *me, vaddr_t address,
			      uint64_t error, bool none_left)
{
	const char *what = error & PF_FETCH ? "went on at" :
			   error & PF_WRITE ? "wrote to" :
					      "read";

	kprintf("  it %s %#lx, %s\n", what, address,
		none_left ? "for which no memory is left" :
			    describe_address(me, address, error));
}

static const char *describe(uint64_t vector)
{
	switch (vector) {
	case VECTOR_DE:
		return "it divided by 0, or the result has no room";
	case VECTOR_DB:
		return "it set the flag for single steps";
	case VECTOR_UD:
		return "the bytes there are no instruction, or one that is "
		       "switched off";
	case VECTOR_GP:
		return "it used an instruction, a register or a vector that is "
		       "the kernel's,\n  or an address that is none";
	case VECTOR_SS:
		return "its stack pointer is no address";
	case VECTOR_MF:
	case VECTOR_XM:
		return "it computed what it wanted to be told of";
	default:
		return "nothing is known of how";
	}
}

static void report_calls(const struct process *me)
{
	uint64_t first = me->calls > CALLS_KEPT ? me->calls - CALLS_KEPT : 0;

	kprintf("  last calls:%s", me->calls ? "" : " none");
	for (uint64_t i = first; i < me->calls; i++) {
		const struct process_call *last = &me->last[i % CALLS_KEPT];
		const char *name = call_name(last->number);

		kprintf("%s %s(%#lx, %#lx) = %ld", i == first ? "" : ",",
			name ? name : "?", last->first, last->second,
			last->result);
	}
	kprintf("\n");
}

void report_fault(struct process *me, const struct trap_frame *frame,
		  vaddr_t address, bool none_left)
{
	char code[TEXT];

	describe_code(me, frame->rip, code);
	kprintf("%s (%u) is ended: %s\n", me->name, me->number,
		exception_name((unsigned int)frame->vector));
	kprintf("  at %#lx, %s\n", frame->rip, code);
	if (frame->vector == VECTOR_PF)
		report_page_fault(me, address, frame->error, none_left);
	else
		kprintf("  %s\n", describe(frame->vector));
	report_calls(me);
}
