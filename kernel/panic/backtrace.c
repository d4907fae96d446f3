#include "kernel/panic/backtrace.h"

#include "kernel/cpu/probe.h"
#include "kernel/symbols.h"
#include "string.h"

#define STACK_MAX 0x10000 /* bytes that the frames of one stack may span */
#define TRAPS_MAX 8 /* one inside the other */

#define PROLOGUE_MAX 32 /* bytes of code in which a frame is made */
#define PUSH_RBP 0x55
#define RET 0xC3

/* What a frame pointer points to. */
struct link {
	vaddr_t base;
	vaddr_t return_address;
};

/* interrupt_entry.asm: where every handler returns to */
extern const char interrupt_return[];

static bool backtrace_peek(void *to, vaddr_t from, size_t bytes)
{
	return probe_read(to, from, bytes) == bytes;
}

/* There is nothing where the stack pointer points to: the frame pointer may be
 * right all the same. */
static bool is_lost(vaddr_t stack_pointer)
{
	uint64_t word;

	return !backtrace_peek(&word, stack_pointer, sizeof(word));
}

static void backtrace_start_at(struct backtrace *trace,
			       const struct trap_frame *frame)
{
	trace->address = frame->rip;
	trace->called = frame->vector == TRAP_NONE;
	trace->base = frame->rbp;
	trace->bottom = is_lost(frame->rsp) ? frame->rbp : frame->rsp;
	trace->low = trace->bottom;
	trace->more = true;
	trace->trapped = !trace->called;
}

void backtrace_start(struct backtrace *trace, const struct trap_frame *frame)
{
	trace->traps = TRAPS_MAX;
	trace->vector = TRAP_NONE;
	backtrace_start_at(trace, frame);
}

/* Where in the code of a function its frame is made: the offset of the first
 * byte behind "push rbp", and of "mov rbp, rsp", which compilers may move some
 * instructions down. Both 0: it makes none. */
struct prologue {
	uint64_t pushed, moved;
};

static struct prologue find_prologue(vaddr_t start)
{
	static const uint8_t mov_rbp_rsp[] = { 0x48, 0x89, 0xE5 };
	struct prologue found = { 0, 0 };
	uint8_t code[PROLOGUE_MAX];
	size_t bytes = probe_read(code, start, sizeof(code));

	for (uint64_t i = 0; i + sizeof(mov_rbp_rsp) <= bytes; i++) {
		if (code[i] == PUSH_RBP && !found.pushed)
			found.pushed = i + 1;
		if (found.pushed &&
		    memcmp(code + i, mov_rbp_rsp, sizeof(mov_rbp_rsp)) == 0) {
			found.moved = i;
			return found;
		}
	}
	return (struct prologue){ 0, 0 };
}

/* Where the return address is, from RSP, if what trapped had no frame just
 * then: a jump to nowhere, a function too simple for one, or one on its first
 * or last instructions. Returns -1: it had one. */
static int return_slot(vaddr_t address)
{
	struct prologue prologue;
	struct symbol symbol;
	uint8_t instruction;

	if (!symbols_cover(address))
		return 0;
	if (backtrace_peek(&instruction, address, 1) && instruction == RET)
		return 0;
	if (!symbols_find(address, &symbol))
		return -1;
	prologue = find_prologue(address - symbol.offset);
	if (!prologue.moved || symbol.offset < prologue.pushed)
		return 0;
	return symbol.offset > prologue.moved ? -1 : (int)sizeof(uint64_t);
}

static bool take_bare_return(struct backtrace *trace)
{
	int slot = return_slot(trace->address);
	vaddr_t address;

	if (slot < 0 ||
	    !backtrace_peek(&address, trace->bottom + (uint64_t)slot,
			    sizeof(address)) ||
	    !symbols_cover(address))
		return false;
	trace->address = address;
	return true;
}

/* Of the function that interrupt_common called: a trap frame lies above. */
static bool pass_trap(struct backtrace *trace)
{
	struct trap_frame frame;

	if (!trace->traps ||
	    !backtrace_peek(&frame, trace->base + sizeof(struct link),
			    sizeof(frame)))
		return false;
	trace->traps--;
	trace->vector = frame.vector;
	backtrace_start_at(trace, &frame);
	return true;
}

/* Sets what the step after this one will be. */
static void backtrace_climb(struct backtrace *trace)
{
	struct link link;
	bool trapped = trace->trapped;

	trace->more = false;
	trace->vector = TRAP_NONE;
	trace->trapped = false;
	if (trapped && take_bare_return(trace)) {
		trace->called = true;
		trace->more = true;
		return;
	}
	if (trace->base < trace->low ||
	    trace->base - trace->bottom > STACK_MAX ||
	    trace->base % sizeof(uint64_t) ||
	    !backtrace_peek(&link, trace->base, sizeof(link)))
		return;
	if (link.return_address == (uint64_t)interrupt_return) {
		trace->more = pass_trap(trace);
		return;
	}
	trace->address = link.return_address;
	trace->called = true;
	trace->more = true;
	trace->low = trace->base + sizeof(link);
	trace->base = link.base;
}

bool backtrace_next(struct backtrace *trace, struct backtrace_step *step)
{
	if (!trace->more)
		return false;
	*step = (struct backtrace_step){ trace->address, trace->called,
					 trace->vector };
	if (symbols_cover(trace->address) || trace->trapped)
		backtrace_climb(trace);
	else
		trace->more = false; /* not the kernel's code */
	return true;
}
