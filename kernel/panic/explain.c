#include "kernel/panic/facts.h"

#include "boot/x86.h"
#include "exception.h"
#include "kernel/panic/facts.h"

/* ---- Exceptions that need few words -------------------------------------- */

/* DR6: SDM 3B, "Debug Status Register (DR6)" */
static void explain_debug(struct text *text, const struct trap_facts *facts)
{
	if (facts->dr6 & DR6_BS)
		text_add(text, ": single step, RFLAGS.TF is set");
	for (unsigned int i = 0; i < 4; i++)
		if (facts->dr6 >> i & 1)
			text_add(text, ": breakpoint register %u", i);
	if (!(facts->dr6 & (DR6_BS | DR6_BREAKPOINTS)))
		text_add(text, ": INT1, or a task switch");
}

/* Port 61h, bits 7 and 6: IBM AT technical reference, system board. */
static void explain_nmi(struct text *text, const struct trap_facts *facts)
{
	if (facts->nmi_status == 0xFF)
		text_add(text, ": port 61h does not say why");
	else if (facts->nmi_status & PORT_61_PARITY)
		text_add(text, ": memory parity error");
	else if (facts->nmi_status & PORT_61_IO_CHECK)
		text_add(text, ": error of an I/O card");
	else
		text_add(text, ": neither memory nor an I/O card: a button, a "
			       "watchdog, or a debugger");
}

static void explain_opcode(struct text *text, const struct trap_facts *facts)
{
	if (facts->code[0] == 0x0F && facts->code[1] == 0x0B)
		text_add(text, ": UD2, put where no execution is expected");
	else
		text_add(text, ": code begins with %02x %02x %02x %02x",
			 facts->code[0], facts->code[1], facts->code[2],
			 facts->code[3]);
}

static void explain_no_fpu(struct text *text, const struct trap_facts *facts)
{
	if (facts->cr0 & CR0_EM)
		text_add(text, ": CR0.EM is set");
	else if (facts->cr0 & CR0_TS)
		text_add(text, ": CR0.TS is set");
}

static void explain_machine_check(struct text *text,
				  const struct trap_facts *facts)
{
	const struct machine_check *check = &facts->machine_check;
	const struct machine_check_bank *bank = check->banks;

	text_add(text, ": MCG_STATUS %#lx", check->global);
	for (; bank < check->banks + check->count; bank++) {
		text_add(text, ", bank %u says %#018lx", bank->number,
			 bank->status);
		if (bank->status & MC_STATUS_ADDRESS)
			text_add(text, " at %#lx", bank->address);
	}
}

/* ---- Floating-point exceptions: x87 (SDM 1, "x87 FPU Status Register") and SSE
 * (SDM 1, "MXCSR Control and Status Register"), which have the same six ---- */

#define FLOAT_KINDS 6

static const char *const float_kinds[FLOAT_KINDS] = {
	"invalid operation", "denormal operand", "division by zero",
	"overflow",	     "underflow",	 "inexact result",
};

/* Those that happened and are not masked. */
static uint32_t float_kinds_of(const struct trap_facts *facts)
{
	if (facts->frame->vector == VECTOR_MF)
		return facts->x87_status & ~(uint32_t)facts->x87_control;
	return facts->mxcsr & ~(facts->mxcsr >> MXCSR_MASK_SHIFT);
}

static void explain_float(struct text *text, const struct trap_facts *facts)
{
	uint32_t happened = float_kinds_of(facts);
	const char *between = ": ";

	for (unsigned int i = 0; i < FLOAT_KINDS; i++) {
		if (happened >> i & 1) {
			text_add(text, "%s%s", between, float_kinds[i]);
			between = ", ";
		}
	}
	if (facts->frame->vector == VECTOR_MF)
		text_add(text, ", by an x87 instruction before this one");
}

/* ---- All of them --------------------------------------------------------- */

struct explanation {
	const char *words; /* NULL: ask the function */
	void (*explain)(struct text *text, const struct trap_facts *facts);
};

static const struct explanation explanations[EXCEPTIONS] = {
	[VECTOR_DE] = { "division by zero, or a quotient that is too large",
			NULL },
	[VECTOR_DB] = { NULL, explain_debug },
	[VECTOR_NMI] = { NULL, explain_nmi },
	[VECTOR_BP] = { "INT3 before RIP", NULL },
	[VECTOR_OF] = { "INTO found OF set", NULL },
	[VECTOR_BR] = { "BOUND found an index outside its array", NULL },
	[VECTOR_UD] = { NULL, explain_opcode },
	[VECTOR_NM] = { NULL, explain_no_fpu },
	[VECTOR_DF] = { NULL, explain_double_fault },
	[9] = { "a 386 with its 387 had this one", NULL },
	[VECTOR_TS] = { NULL, explain_selector },
	[VECTOR_NP] = { NULL, explain_selector },
	[VECTOR_SS] = { NULL, explain_selector },
	[VECTOR_GP] = { NULL, explain_selector },
	[VECTOR_PF] = { NULL, explain_page_fault },
	[VECTOR_MF] = { NULL, explain_float },
	[VECTOR_AC] = { "ring 3 accessed an address that is not aligned",
			NULL },
	[VECTOR_MC] = { NULL, explain_machine_check },
	[VECTOR_XM] = { NULL, explain_float },
};

void explain(const struct trap_facts *facts, char *buffer, size_t size)
{
	struct text text = { buffer, size };
	uint64_t vector = facts->frame->vector;
	const struct explanation *known;

	if (vector >= EXCEPTIONS) {
		text_add(&text, "interrupt %#lx: this vector has no handler",
			 vector);
		return;
	}
	text_add(&text, "%s", exception_name((unsigned int)vector));
	known = &explanations[vector];
	if (known->words)
		text_add(&text, ": %s", known->words);
	else if (known->explain)
		known->explain(&text, facts);
	else
		text_add(&text, ": vector %lu, error %#lx", vector,
			 facts->frame->error);
}
