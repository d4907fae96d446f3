/*
 * registers.c - is there anything in the registers that is not this program's?
 * At its start all are 0, or as after a reset, but those that hold its words
 * and its stack. Later they are as it left them, however many other programs
 * run in between: behind a call, and where a page was absent.
 */
#include "user/call.h"
#include "user/print.h"

#define ROUNDS 50
#define PAGE_BYTES 4096

int checked_main(int count, char **words);

/* All general registers but RDI, RSI and RSP, before C has used any. */
extern uint64_t registers_left;
__asm__(".data\n"
	"registers_left: .quad 0\n"
	".text\n"
	".globl main\n"
	"main: or %rbx, %rax; or %rcx, %rax; or %rdx, %rax; or %rbp, %rax\n\t"
	"or %r8, %rax; or %r9, %rax; or %r10, %rax; or %r11, %rax\n\t"
	"or %r12, %rax; or %r13, %rax; or %r14, %rax; or %r15, %rax\n\t"
	"mov %rax, registers_left(%rip)\n\t"
	"jmp checked_main");

/* SDM 1, "FXSAVE Area" */
#define FX_REGISTERS 48 /* eight of x87, sixteen of SSE, two words each */
struct fx {
	_Alignas(16) uint16_t control;
	uint16_t status;
	uint8_t tags, reserved;
	uint16_t opcode;
	uint64_t instruction, operand;
	uint32_t mxcsr, mask; /* the mask is the processor's */
	uint64_t registers[FX_REGISTERS], unused[12];
};

_Static_assert(sizeof(struct fx) == 512, "as FXSAVE writes it");

#define X87_CONTROL 0x37F /* as after a reset */
#define MXCSR 0x1F80

static struct fx fx, fx_seen;

/* ---- At the start -------------------------------------------------------- */

/* 0: nothing. */
static uint64_t what_is_there(void)
{
	uint64_t all = registers_left, part;

	__asm__ volatile("fxsave64 %0" : "=m"(fx));
	all |= (fx.control ^ X87_CONTROL) | fx.status | fx.tags | fx.opcode |
	       fx.instruction | fx.operand | (fx.mxcsr ^ MXCSR);
	for (int i = 0; i < FX_REGISTERS; i++)
		all |= fx.registers[i];
#define LOOK(name)                                           \
	__asm__ volatile("mov %%" name ", %0" : "=r"(part)); \
	all |= part;
	LOOK("ds")
	LOOK("es")
	LOOK("fs")
	LOOK("gs")
#undef LOOK
	return all;
}

/* ---- Later --------------------------------------------------------------- */

/* What is put into registers, and what they hold then; of a page. */
#define REGISTERS 14
extern uint64_t values[REGISTERS], values_seen[REGISTERS];
extern volatile uint8_t *absent;

/* call_and_fault - all registers but RAX and RSP become `values`; then a call,
 * and an access to the absent page; then `values_seen` becomes what they hold
 */
void call_and_fault(void);

/* clang-format off */
#define EACH_REGISTER(do) \
	do(0, rbx) do(8, rcx) do(16, rdx) do(24, rsi) do(32, rdi) do(40, rbp) \
	do(48, r8) do(56, r9) do(64, r10) do(72, r11) do(80, r12) do(88, r13) \
	do(96, r14) do(104, r15)
#define FILL(at, name) "mov values+" #at "(%rip), %" #name "\n\t"
#define KEEP(at, name) "mov %" #name ", values_seen+" #at "(%rip)\n\t"
__asm__(".lcomm values, 112\n\t"
	".lcomm values_seen, 112\n\t"
	".lcomm absent, 8\n\t"
	"call_and_fault: push %rbx; push %rbp; push %r12; push %r13\n\t"
	"push %r14; push %r15\n\t"
	EACH_REGISTER(FILL)
	"mov $6, %eax; int $0x80\n\t"
	"mov absent(%rip), %rax; movb $1, (%rax)\n\t"
	EACH_REGISTER(KEEP)
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret");
/* clang-format on */

_Static_assert(CALL_YIELD == 6 && CALL_VECTOR == 0x80, "as above");

/* Do registers keep what is theirs alone? */
static int keep(uint64_t value)
{
	const uint32_t selector = value & 1 ? 0x2B : 0;
	uint64_t segment;
	int same = 1;

	for (uint64_t i = 0; i < REGISTERS; i++)
		values[i] = value << 32 | i;
	for (uint64_t i = 0; i < FX_REGISTERS; i++)
		fx.registers[i] = i < 16 && i % 2 ? 0 : value << 32 | i;
	fx.tags = 0xFF; /* all of x87's are in use */
	absent = (volatile uint8_t *)call_map(PAGE_BYTES);
	__asm__ volatile("fxrstor64 %0; movl %1, %%gs"
			 :
			 : "m"(fx), "r"(selector));
	call_and_fault();
	__asm__ volatile("fxsave64 %0; mov %%gs, %1"
			 : "=m"(fx_seen), "=r"(segment));
	call_unmap((int64_t)absent);
	for (int i = 0; i < REGISTERS; i++)
		same &= values_seen[i] == values[i];
	for (int i = 0; i < FX_REGISTERS; i++)
		same &= fx_seen.registers[i] == fx.registers[i];
	return same && segment == selector;
}

int checked_main(int count, char **words)
{
	uint64_t value = (uint64_t)call_getpid();

	(void)words;
	if (count == 1 && what_is_there()) {
		print("something was left in the registers\n");
		return 1;
	}
	for (int i = 0; i < ROUNDS; i++)
		if (!keep(value + (uint64_t)i)) {
			print("a register was changed\n");
			return 2;
		}
	return 0;
}
