#include "kernel/explore/stepped.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/irq/irq.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"

#define STEPPED_COUNT (STEPPED_LAST - STEPPED_FIRST + 1)

/* SDM 2: PAUSE is F3 90. */
#define OPCODE_STI 0xFB
#define OPCODE_HLT 0xF4
#define OPCODE_PAUSE_0 0xF3
#define OPCODE_PAUSE_1 0x90

struct stepped {
	struct thread place; /* only its RSP is used */
	struct trap_frame *frame; /* of the last #DB: all registers */
	bool waiting[STEPPED_INTERRUPTS];
	bool behind_sti;
	void (*handler)(void); /* of an interrupt that is taken now */
};

static struct stepped stepped[STEPPED_COUNT];
static struct stepped *stepping; /* the one that executes */
static struct thread stepper; /* who told it; only its RSP is used */

void (*stepped_call)(void);
void (*stepped_program)(void);

static struct stepped *stepped_cpu(uint32_t cpu)
{
	return &stepped[cpu - STEPPED_FIRST];
}

/* ---- On a stepped processor ---------------------------------------------- */

static void trap_flag_on(void)
{
	__asm__ volatile("pushfq; orq %0, (%%rsp); popfq"
			 :
			 : "i"(EFLAGS_TF)
			 : "memory", "cc");
}

static void trap_flag_off(void)
{
	__asm__ volatile("pushfq; andq %0, (%%rsp); popfq"
			 :
			 : "i"(~EFLAGS_TF)
			 : "memory", "cc");
}

/* It stands still until it is told. Returns whether it has then handled an
 * interrupt, and stands where it stood before. */
static bool stand_still(struct trap_frame *frame)
{
	struct stepped *me = stepping;
	void (*handler)(void);

	me->frame = frame;
	thread_switch(&me->place, &stepper);
	handler = me->handler;
	me->handler = NULL;
	if (!handler)
		return false;
	trap_flag_on();
	handler();
	trap_flag_off();
	return true;
}

/* An instruction has been executed. When this returns, so is the next one. */
static void stepped_trap(struct trap_frame *frame)
{
	while (stand_still(frame))
		;
}

_Noreturn static void stepped_begin(void)
{
	trap_flag_on();
	threads_run_cpu();
}

/* ---- Interrupts ---------------------------------------------------------- */

/* That it came is all. */
static void take_wake(void)
{
}

static void take_tick(void)
{
	sched_interrupt_ends(IRQ_LOCAL_TIMER);
}

static void take_call(void)
{
	stepped_call();
}

static void (*const handlers[STEPPED_INTERRUPTS])(void) = {
	[STEPPED_WAKE] = take_wake,
	[STEPPED_SHOOTDOWN] = shootdown_serve,
	[STEPPED_TICK] = take_tick,
	[STEPPED_CALL] = take_call,
};

static bool is_at(const struct stepped *cpu, uint8_t opcode)
{
	return *(const uint8_t *)cpu->frame->rip == opcode;
}

static bool can_take(const struct stepped *cpu)
{
	return cpu->frame->rflags & EFLAGS_IF && !cpu->behind_sti;
}

/* The first that waits is taken. It ends HLT. */
static void take_interrupt(struct stepped *cpu)
{
	for (int i = 0; i < STEPPED_INTERRUPTS; i++) {
		if (!cpu->waiting[i])
			continue;
		cpu->waiting[i] = false;
		cpu->handler = handlers[i];
		if (is_at(cpu, OPCODE_HLT))
			cpu->frame->rip++;
		return;
	}
}

void stepped_send(uint32_t cpu, enum stepped_interrupt interrupt)
{
	stepped_cpu(cpu)->waiting[interrupt] = true;
}

bool stepped_waits(uint32_t cpu, enum stepped_interrupt interrupt)
{
	return stepped_cpu(cpu)->waiting[interrupt];
}

/* From the scheduler, on any processor. */
static bool send_wake(uint32_t cpu)
{
	if (cpu < STEPPED_FIRST || cpu > STEPPED_LAST)
		return false;
	stepped_send(cpu, STEPPED_WAKE);
	return true;
}

static void send_shootdown(void)
{
	for (uint32_t i = STEPPED_FIRST; i <= STEPPED_LAST; i++)
		if (i != cpu_number())
			stepped_send(i, STEPPED_SHOOTDOWN);
}

/* ---- On the boot processor ----------------------------------------------- */

static void stepped_go_on(uint32_t number)
{
	stepping = stepped_cpu(number);
	gdt_load_tss(number, &cpus[number].tss, sizeof(struct tss));
	thread_switch(&stepper, &stepping->place);
	gdt_load_tss(0, &cpus[0].tss, sizeof(struct tss));
}

/* Not all processors have a #DB between STI and what follows it. */
static void do_sti(struct stepped *cpu)
{
	cpu->frame->rflags |= EFLAGS_IF;
	cpu->frame->rip++;
	cpu->behind_sti = true;
}

void stepped_step(uint32_t number)
{
	struct stepped *cpu = stepped_cpu(number);

	if (can_take(cpu))
		take_interrupt(cpu);
	cpu->behind_sti = false;
	if (!cpu->handler && is_at(cpu, OPCODE_HLT))
		return;
	if (!cpu->handler && is_at(cpu, OPCODE_STI)) {
		do_sti(cpu);
		return;
	}
	if (cpu->frame->rip == (uint64_t)panic_at)
		cpu->frame->rflags &= ~(uint64_t)EFLAGS_TF;
	if (cpu->frame->rip == (uint64_t)interrupt_go_on && stepped_program)
		cpu->frame->rip = (uint64_t)stepped_program;
	stepped_go_on(number);
}

bool stepped_sleeps(uint32_t number)
{
	const struct stepped *cpu = stepped_cpu(number);

	for (int i = 0; i < STEPPED_INTERRUPTS; i++)
		if (cpu->waiting[i] && cpu->frame->rflags & EFLAGS_IF)
			return false;
	return is_at(cpu, OPCODE_HLT);
}

bool stepped_pauses(uint32_t number)
{
	const uint8_t *code = (const uint8_t *)stepped_rip(number);

	return code[0] == OPCODE_PAUSE_0 && code[1] == OPCODE_PAUSE_1;
}

uint64_t stepped_rip(uint32_t number)
{
	return stepped_cpu(number)->frame->rip;
}

/* ---- At the start -------------------------------------------------------- */

static bool stepped_make(uint32_t number)
{
	uint64_t top = threads_prepare_cpu(number);
	struct cpu *cpu = &cpus[number];

	if (!top)
		return false;
	stepped_cpu(number)->place.rsp =
		thread_lay_first_frame(top, stepped_begin);
	cpu->number = number;
	cpu->stacks = cpus[0].stacks; /* nobody else runs */
	cpu->tss = cpus[0].tss;
	cpu->started = CPU_STARTED;
	atomic_store(&cpu->serves, true);
	/* Its first #DB; then to where it sleeps. */
	stepped_go_on(number);
	while (!stepped_sleeps(number))
		stepped_step(number);
	return true;
}

/* The local APIC lets none through from below this priority. */
static void keep_interrupts_away(void)
{
	cpu_write_cr8(15); /* SDM 3A, "Task Priority in IA-32e Mode" */
	for (unsigned int irq = 0; irq < IRQ_LOCAL_TIMER; irq++)
		if (irq_name(irq))
			irq_disable(irq);
}

bool stepped_start(void)
{
	cpu_interrupts_off();
	keep_interrupts_away();
	interrupt_handle(VECTOR_DB, stepped_trap);
	sched_on_wake(send_wake);
	shootdown_by(send_shootdown);
	/* The boot processor forgets its TLB by itself. */
	cpus[0].shootdowns = UINT64_MAX;
	for (uint32_t i = STEPPED_FIRST; i <= STEPPED_LAST; i++)
		if (!stepped_make(i))
			return false;
	return true;
}

/* A panic tells where they stand. */
PANIC_STOP(stepped)
{
	for (uint32_t i = STEPPED_FIRST; stepping && i <= STEPPED_LAST; i++)
		if (i != cpu_number())
			cpus[i].stopped = stepped_cpu(i)->frame;
}
