/*
 * test_switch.c - from one stack to another, without the scheduler.
 */
#include <stdint.h>

#include "kernel/cpu/cpu.h"
#include "kernel/test/test.h"
#include "kernel/thread/sched.h"

#define WORDS 512
#define UNUSED 0x5555555555555555

static _Alignas(16) uint64_t words[WORDS];
static struct thread here, there;
uint64_t seen_rsp, seen_rbp, seen_return; /* begin_first */
static uint64_t turns;

/* begin_first: thread_switch() comes here as to a function's first instruction.
 * switch_registers: with a number in each register that it keeps, goes there
 * and returns 0 if they are the same afterwards. */
/* clang-format off */
__asm__(".pushsection .text\n"
	"begin_first:\n"
	"	movq %rsp, seen_rsp(%rip)\n"
	"	movq %rbp, seen_rbp(%rip)\n"
	"	movq (%rsp), %rax\n"
	"	movq %rax, seen_return(%rip)\n"
	"	andq $-16, %rsp\n"
	"	call go_back\n"
	"switch_registers:\n"
	"	pushq %rbx; pushq %rbp; pushq %r12\n"
	"	pushq %r13; pushq %r14; pushq %r15\n"
	"	leaq 1(%rdi), %rbx; leaq 2(%rdi), %rbp; leaq 3(%rdi), %r12\n"
	"	leaq 4(%rdi), %r13; leaq 5(%rdi), %r14; leaq 6(%rdi), %r15\n"
	"	pushq %rdi\n"
	"	movq %rsi, %rdi\n"
	"	movq %rdx, %rsi\n"
	"	call thread_switch\n"
	"	popq %rdi\n"
	"	leaq 1(%rdi), %rax; xorq %rax, %rbx\n"
	"	leaq 2(%rdi), %rax; xorq %rax, %rbp; orq %rbp, %rbx\n"
	"	leaq 3(%rdi), %rax; xorq %rax, %r12; orq %r12, %rbx\n"
	"	leaq 4(%rdi), %rax; xorq %rax, %r13; orq %r13, %rbx\n"
	"	leaq 5(%rdi), %rax; xorq %rax, %r14; orq %r14, %rbx\n"
	"	leaq 6(%rdi), %rax; xorq %rax, %r15; orq %r15, %rbx\n"
	"	movq %rbx, %rax\n"
	"	popq %r15; popq %r14; popq %r13\n"
	"	popq %r12; popq %rbp; popq %rbx\n"
	"	ret\n"
	".popsection");
/* clang-format on */

void begin_first(void);
uint64_t switch_registers(uint64_t number, struct thread *from,
			  struct thread *to);
_Noreturn void go_back(void);

/* On the other stack, for ever. */
_Noreturn void go_back(void)
{
	for (;;) {
		turns++;
		if (switch_registers(turns * 100, &there, &here))
			turns = 1000;
	}
}

static void lay(void)
{
	for (int i = 0; i < WORDS; i++)
		words[i] = UNUSED;
	turns = 0;
	there.rsp =
		thread_lay_first_frame((uint64_t)&words[WORDS], begin_first);
}

TEST(switch_first_frame)
{
	lay();
	for (int i = 0; i < WORDS - 8; i++)
		EXPECT(words[i] == UNUSED);
	EXPECT(there.rsp < (uint64_t)&words[WORDS]);
}

TEST(switch_first_frame_begins)
{
	lay();
	cpu_interrupts_off();
	thread_switch(&here, &there);
	cpu_interrupts_on();
	EXPECT(turns == 1);
	EXPECT(seen_rsp == (uint64_t)&words[WORDS - 1]);
	EXPECT(seen_rbp == 0 && seen_return == 0);
}

TEST(switch_keeps_registers)
{
	lay();
	cpu_interrupts_off();
	for (uint64_t i = 0; i < 3; i++)
		EXPECT(switch_registers(i * 10, &here, &there) == 0);
	cpu_interrupts_on();
	EXPECT(turns == 3);
}
