/*
 * test_door.c - goes to ring 3, executes SYSCALL there, and looks at what comes
 * of it. Linked into a kernel with door.asm.
 */
#include <stdint.h>

#include "calls.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/panic/panic.h"
#include "kernel/test/test.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"
#include "string.h"

#define MSR_SFMASK 0xC0000084
#define MSR_GS_BASE 0xC0000101
#define EFLAGS_NT 0x4000
#define NOT_FOR_HANDLERS \
	(EFLAGS_IF | EFLAGS_DF | EFLAGS_TF | EFLAGS_NT | EFLAGS_AC)
#define NOT_CANONICAL 0x800000000000
#define RSP_OF_RING_3 0x1234567890 /* absent */
#define GS_OF_RING_3 0x600000123000
#define STACK_WORDS 2048
#define RESULT 0x77777777
#define HANG_NS (2 * NS_PER_S)
#define LOWEST_PRIORITY 15 /* of CR8: the local APIC lets none through */

/* The student's. */
void door_start(struct tss *tss);
_Noreturn void door_refuse(struct trap_frame *frame);

/* What ring 3 executes; INT shows what SYSCALL has left. */
#define AFTER_FIRST 2
#define ELSEWHERE 16
__asm__(".pushsection .rodata\n.balign 16\n"
	"ring_3:	syscall\n"
	"		int $0x80\n"
	"		ud2\n"
	".balign 16\n"
	"		int $0x80\n"
	"ring_3_end:\n"
	".popsection");
extern const char ring_3[], ring_3_end[];

_Static_assert(CALL_VECTOR == 0x80, "as above");

static _Alignas(16) uint64_t own_stack[STACK_WORDS];
static _Alignas(16) uint64_t stacks_for_ring_0[2][STACK_WORDS];
static struct thread here, there;

static struct trap_frame first, seen[2];
static uint64_t seen_at[2], handler_flags[2];
static unsigned int calls;
static bool refused;
static struct trap_frame fault; /* in place of a call */
static void (*change)(struct trap_frame *frame);

/* ---- What ring 3 comes to ------------------------------------------------ */

static void leave_ring_3(void)
{
	cpu_interrupts_off();
	cpu_this()->nesting = 0;
	thread_switch(&there, &here);
}

static void on_call(struct trap_frame *frame)
{
	handler_flags[calls] = cpu_flags();
	__asm__ volatile("pushq $2; popfq" : : : "memory", "cc");
	seen_at[calls] = (uint64_t)frame;
	seen[calls++] = *frame;
	if (calls == 2)
		leave_ring_3();
	frame->rax = RESULT;
	if (change)
		change(frame);
}

void door_refuse(struct trap_frame *frame)
{
	refused = frame->rip == NOT_CANONICAL;
	leave_ring_3();
	panic("it came back");
}

static void on_fault(struct trap_frame *frame)
{
	fault = *frame;
	leave_ring_3();
}

static void begin(void)
{
	interrupt_go_on(&first);
}

/* ---- There and back ------------------------------------------------------ */

static struct pages_space space;

static bool make_space(void)
{
	paddr_t frame = frame_take(FRAME_PROGRAM);

	if (!frame || !pages_space_start(&space))
		return false;
	memcpy(paddr_pointer(frame), ring_3, (size_t)(ring_3_end - ring_3));
	return pages_space_map(&space, PROGRAM_LOW, frame, PAGES_EXECUTE);
}

static void prepare(uint64_t rflags)
{
	calls = 0;
	refused = false;
	memset(&fault, 0, sizeof(fault));
	memset(seen, 0, sizeof(seen));
	first = (struct trap_frame){
		.rax = 1,
		.rbx = 2,
		.rcx = 3,
		.rdx = 4,
		.rsi = 5,
		.rdi = 6,
		.rbp = 7,
		.r8 = 8,
		.r9 = 9,
		.r10 = 10,
		.r11 = 11,
		.r12 = 12,
		.r13 = 13,
		.r14 = 14,
		.r15 = 15,
		.rip = PROGRAM_LOW,
		.cs = SEL_USER_CODE,
		.rflags = rflags | FLAGS_CLEAR,
		.rsp = RSP_OF_RING_3,
		.ss = SEL_USER_DATA,
	};
}

static void set_handlers(void (*handler)(struct trap_frame *frame))
{
	interrupt_handle(VECTOR_UD, handler);
	interrupt_handle(VECTOR_GP, handler);
	interrupt_handle(VECTOR_PF, handler);
}

/* To ring 3 with these flags, and this one of the stacks for ring 0. */
static void visit(uint64_t rflags, int stack)
{
	void (*handler)(struct trap_frame * frame) = interrupt_call_handler;
	struct tss *tss = &cpu_here()->tss;
	uint64_t rsp0 = tss->rsp[0];

	prepare(rflags);
	cpu_interrupts_off();
	cpu_write_cr8(LOWEST_PRIORITY);
	set_handlers(on_fault);
	interrupt_call_handler = on_call;
	tss->rsp[0] = (uint64_t)&stacks_for_ring_0[stack][STACK_WORDS];
	there.rsp = thread_lay_first_frame((uint64_t)&own_stack[STACK_WORDS],
					   begin);
	cpu_write_cr3(space.root);
	thread_switch(&here, &there);
	cpu_write_cr3(pages_root());
	tss->rsp[0] = rsp0;
	interrupt_call_handler = handler;
	set_handlers(NULL);
	change = NULL;
	cpu_write_cr8(0);
	cpu_interrupts_on();
}

/* Whether both calls came. */
static bool visited(uint64_t rflags, int stack)
{
	if (!space.root && !make_space())
		return false;
	cpu_here()->tss.rsp[0] = (uint64_t)&stacks_for_ring_0[0][STACK_WORDS];
	door_start(&cpu_here()->tss);
	visit(rflags, stack);
	return calls == 2 && !fault.cs;
}

/* ---- Tests, in this order ------------------------------------------------ */

TEST(door_1_arrives)
{
	visited(EFLAGS_IF, 0);
	EXPECT(calls > 0);
	EXPECT(seen[0].vector == CALL_VECTOR && seen[0].error == 0);
	EXPECT(seen[0].rip == PROGRAM_LOW + AFTER_FIRST);
	EXPECT(seen[0].cs == SEL_USER_CODE && seen[0].ss == SEL_USER_DATA);
	EXPECT(seen[0].rsp == RSP_OF_RING_3);
}

TEST(door_2_registers)
{
	visited(EFLAGS_IF, 0);
	EXPECT(seen[0].rax == 1 && seen[0].rbx == 2 && seen[0].rdx == 4);
	EXPECT(seen[0].rsi == 5 && seen[0].rdi == 6 && seen[0].rbp == 7);
	EXPECT(seen[0].r8 == 8 && seen[0].r9 == 9 && seen[0].r10 == 10);
	EXPECT(seen[0].r12 == 12 && seen[0].r13 == 13 && seen[0].r14 == 14 &&
	       seen[0].r15 == 15);
}

TEST(door_3_flags)
{
	const uint64_t flags = EFLAGS_IF | EFLAGS_DF | EFLAGS_NT | EFLAGS_AC |
			       EFLAGS_CF;

	visited(flags, 0);
	EXPECT(calls > 0);
	EXPECT(seen[0].rflags == (flags | FLAGS_CLEAR));
	EXPECT(!(handler_flags[0] & NOT_FOR_HANDLERS));
	EXPECT((cpu_read_msr(MSR_SFMASK) & NOT_FOR_HANDLERS) ==
	       NOT_FOR_HANDLERS);
}

TEST(door_4_stack)
{
	for (int i = 0; i < 2; i++) {
		uint64_t top = (uint64_t)&stacks_for_ring_0[i][STACK_WORDS];

		visited(EFLAGS_IF, i);
		EXPECT(calls > 0);
		EXPECT(seen_at[0] + TRAP_SIZE == top);
	}
}

TEST(door_5_back)
{
	cpu_write_msr(MSR_GS_BASE, GS_OF_RING_3);
	EXPECT(visited(EFLAGS_IF | EFLAGS_CF, 0));
	EXPECT(seen[1].cs == SEL_USER_CODE && seen[1].ss == SEL_USER_DATA);
	EXPECT(seen[1].rip == PROGRAM_LOW + 2 * AFTER_FIRST);
	EXPECT(seen[1].rflags == (EFLAGS_IF | EFLAGS_CF | FLAGS_CLEAR));
	EXPECT(seen[1].rsp == RSP_OF_RING_3);
	EXPECT(seen[1].rax == RESULT && seen[1].rbx == 2 && seen[1].rdx == 4);
	EXPECT(seen[1].rsi == 5 && seen[1].rdi == 6 && seen[1].rbp == 7);
	EXPECT(seen[1].r8 == 8 && seen[1].r9 == 9 && seen[1].r10 == 10);
	EXPECT(seen[1].r12 == 12 && seen[1].r13 == 13 && seen[1].r14 == 14 &&
	       seen[1].r15 == 15);
	EXPECT(cpu_read_msr(MSR_GS_BASE) == GS_OF_RING_3);
}

static void change_all(struct trap_frame *frame)
{
	frame->rip = PROGRAM_LOW + ELSEWHERE;
	frame->rsp = 0x4444;
	frame->rflags ^= EFLAGS_CF;
	frame->rbx = 0xB;
	frame->r15 = 0xF;
}

TEST(door_6_changes)
{
	change = change_all;
	EXPECT(visited(EFLAGS_IF, 0));
	EXPECT(seen[1].rip == PROGRAM_LOW + ELSEWHERE + AFTER_FIRST);
	EXPECT(seen[1].rsp == 0x4444);
	EXPECT(seen[1].rflags == (EFLAGS_IF | EFLAGS_CF | FLAGS_CLEAR));
	EXPECT(seen[1].rbx == 0xB && seen[1].r15 == 0xF);
}

static void change_rip(struct trap_frame *frame)
{
	frame->rip = PROGRAM_LOW + ELSEWHERE;
}

/* SYSRET leaves RIP in RCX, IRET what the frame has. */
TEST(door_7_sysret)
{
	change = change_rip;
	EXPECT(visited(EFLAGS_IF, 0));
	EXPECT(seen[1].rcx == PROGRAM_LOW + ELSEWHERE);
}

static void lose_rip(struct trap_frame *frame)
{
	frame->rip = NOT_CANONICAL;
}

TEST(door_8_not_canonical)
{
	change = lose_rip;
	visited(EFLAGS_IF, 0);
	EXPECT(refused);
}

/* ---- Two processors ------------------------------------------------------ */

static struct tss tss_of_other;
static _Atomic bool started;

/* This thread's processor does not give itself up: it is another one. */
static int64_t start_there(void *argument)
{
	(void)argument;
	door_start(&tss_of_other);
	started = true;
	return 0;
}

TEST(door_9_each_processor)
{
	struct thread *thread;
	uint64_t end = clock_ns() + HANG_NS;

	door_start(&cpu_here()->tss);
	started = false;
	thread = thread_create("start", start_there, NULL);
	while (!started && clock_ns() < end)
		cpu_pause();
	EXPECT(started);
	visit(EFLAGS_IF, 1);
	EXPECT(calls > 0);
	thread_join(thread);
}
