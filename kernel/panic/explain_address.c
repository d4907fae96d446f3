/*
 * explain_address.c - faults that have an address: #PF and #DF.
 */
#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/panic/facts.h"
#include "memmap.h"
#include "paging.h"

/* A stack pointer that is farther below than this was not that stack's. */
#define OVERFLOW_MAX 0x10000

/* What the CPU pushes for an exception: five words and an error code, after
 * it has aligned RSP to 16 (SDM 3A, "64-Bit Mode Stack Frame"). */
#define PUSHED_MAX (6 * 8 + 15)

/* The smallest that holds the address: the stacks are among the variables. */
static const struct named_range *range_of(const struct trap_facts *facts,
					  uint64_t address)
{
	const struct named_range *smallest = NULL;

	for (size_t i = 0; i < facts->range_count; i++) {
		const struct named_range *range = &facts->ranges[i];

		if (address >= range->start && address < range->end &&
		    (!smallest || range->end - range->start <
					  smallest->end - smallest->start))
			smallest = range;
	}
	return smallest;
}

/* The stack in whose guard page an address lies. */
static const struct named_range *guarded_by(const struct trap_facts *facts,
					    uint64_t address)
{
	for (size_t i = 0; i < facts->range_count; i++)
		if (facts->ranges[i].is_stack &&
		    address < facts->ranges[i].start &&
		    facts->ranges[i].start - address <= facts->ranges[i].guard)
			return &facts->ranges[i];
	return NULL;
}

/* Whether it was this stack that RSP was using. */
static bool is_in_use(const struct trap_facts *facts,
		      const struct named_range *stack)
{
	uint64_t rsp = facts->frame->rsp;
	const struct named_range *range = range_of(facts, rsp);

	if (range && range->is_stack)
		return range == stack;
	return rsp < stack->end && rsp + OVERFLOW_MAX >= stack->start;
}

/* ---- Page faults --------------------------------------------------------- */

enum access { READ, WRITE, EXECUTE };

/* Without NX the CPU does not tell a fetch from a read (SDM 3A, "Page-Fault
 * Exceptions"). */
static enum access access_of(const struct trap_facts *facts)
{
	if (facts->frame->error & PF_FETCH || facts->frame->rip == facts->cr2)
		return EXECUTE;
	return facts->frame->error & PF_WRITE ? WRITE : READ;
}

static void explain_absent(struct text *text, const struct trap_facts *facts,
			   enum access access)
{
	static const char *const verbs[] = { "read from", "write to",
					     "execute of" };
	const struct named_range *stack = guarded_by(facts, facts->cr2);

	text_add(text, ": %s a not-present page at %#018lx", verbs[access],
		 facts->cr2);
	if (stack && is_in_use(facts, stack))
		text_add(text,
			 ", %lu bytes below %s, in its guard page: stack "
			 "overflow",
			 stack->start - facts->cr2, stack->name);
	else if (stack)
		text_add(text, ", in the guard page below %s", stack->name);
	else if (facts->known[0])
		text_add(text, ", %s", facts->known);
	else if (access == EXECUTE)
		text_add(text, ": a jump or return to nowhere");
	else if (facts->memory_type)
		text_add(text, ", %s in the memory map",
			 memmap_type_name(facts->memory_type));
	else
		text_add(text, ", where the memory map lists nothing");
}

static void explain_forbidden(struct text *text, const struct trap_facts *facts,
			      enum access access)
{
	static const char *const words[] = { "read from a protected page",
					     "write to a read-only page",
					     "execute of a no-execute page" };
	const struct named_range *range = range_of(facts, facts->cr2);

	text_add(text, ": %s at %#018lx", words[access], facts->cr2);
	if (range)
		text_add(text, ", in %s", range->name);
}

static void explain_null(struct text *text, const struct trap_facts *facts,
			 enum access access)
{
	static const char *const words[] = { "read at", "write at", "jump to" };

	text_add(text, ": null pointer: %s %#lx", words[access], facts->cr2);
}

void explain_page_fault(struct text *text, const struct trap_facts *facts)
{
	enum access access = access_of(facts);
	uint64_t error = facts->frame->error;

	if (error & PF_RESERVED)
		text_add(text,
			 ": a reserved bit is set in a page table entry on the "
			 "way to %#018lx",
			 facts->cr2);
	else if (facts->cr2 < PAGE_SIZE && !(error & PF_PRESENT))
		explain_null(text, facts, access);
	else if (error & PF_PRESENT)
		explain_forbidden(text, facts, access);
	else
		explain_absent(text, facts, access);
	if (error & PF_USER)
		text_add(text, ", from ring 3");
}

/* ---- Double faults ------------------------------------------------------- */

void explain_double_fault(struct text *text, const struct trap_facts *facts)
{
	uint64_t rsp = facts->frame->rsp;
	const struct named_range *stack = guarded_by(facts, rsp - 1);

	/* Or where the CPU tried to push. */
	if (!stack && rsp > PUSHED_MAX)
		stack = guarded_by(facts, rsp - PUSHED_MAX);
	text_add(text, ": an exception, and another one on the way to its "
		       "handler");
	if (stack && rsp < stack->start)
		text_add(text, "; RSP is %lu bytes below %s: stack overflow",
			 stack->start - rsp, stack->name);
	else if (stack)
		text_add(text, "; RSP is at the end of %s: stack overflow",
			 stack->name);
	else if (!paging_is_canonical(rsp))
		text_add(text, "; RSP is %#018lx, not a canonical address",
			 rsp);
	else if (!facts->stack_is_mapped)
		text_add(text, "; RSP is %#018lx, where no stack is", rsp);
	else
		text_add(text, "; if it was a page fault, then at %#018lx",
			 facts->cr2);
}
