#include "kernel/thread/sched.h"

#include "kernel/cpu/cpus.h"
#include "kernel/panic/panic.h"
#include "x86/tsc.h"

struct spinlock sched_lock = SPINLOCK("scheduler");
SPINLOCK_LISTED(sched_lock);

struct thread *sched_all;
void (*sched_switch_program)(struct thread *from, struct thread *to);
volatile uint64_t sched_ready_count;

/* ---- Idle processors ----------------------------------------------------- */

static bool (*sched_wake)(uint32_t cpu);
/* Processors that run their idle thread and were not told to look. */
static uint32_t idle_count;
static bool nobody_told; /* though there was one: nothing could be sent */

void sched_on_wake(bool (*wake)(uint32_t cpu))
{
	sched_wake = wake;
}

static bool is_idle(const struct cpu *cpu)
{
	return cpu->idle && cpu->thread == cpu->idle && !cpu->told;
}

/* This processor, if it is idle: it looks by itself, when the interrupt ends
 * that is answered here. Else the first idle one that could be sent for; NULL:
 * none. */
static struct cpu *send_for_idle(void)
{
	if (is_idle(cpu_here()))
		return cpu_here();
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (is_idle(&cpus[i]) && sched_wake(i))
			return &cpus[i];
	return NULL;
}

static void wake_idle(void)
{
	struct cpu *cpu = send_for_idle();

	nobody_told = !cpu;
	if (!cpu)
		return;
	cpu->told = true;
	idle_count--;
}

void sched_add_idle(void)
{
	idle_count++;
}

void sched_idle_looks(void)
{
	struct cpu *cpu = cpu_here();

	idle_count += cpu->told;
	cpu->told = false;
}

void sched_wake_again(void)
{
	if (nobody_told && sched_ready_count)
		wake_idle();
}

/* ---- Queues -------------------------------------------------------------- */

void sched_ready(struct thread *thread)
{
	struct run_queue *queue = &cpus[thread->cpu].ready;

	thread->state = THREAD_READY;
	thread->next = NULL;
	if (queue->last)
		queue->last->next = thread;
	else
		queue->first = thread;
	queue->last = thread;
	queue->count++;
	sched_ready_count++;
	if (idle_count && sched_wake)
		wake_idle();
}

static struct thread *take_from(struct run_queue *queue)
{
	struct thread *thread = queue->first;

	queue->first = thread->next;
	if (!queue->first)
		queue->last = NULL;
	queue->count--;
	sched_ready_count--;
	return thread;
}

static struct run_queue *longest_queue(void)
{
	struct run_queue *longest = &cpus[0].ready;

	for (uint32_t i = 1; i < CPUS_MAX; i++)
		if (cpus[i].ready.count > longest->count)
			longest = &cpus[i].ready;
	return longest;
}

/* Its own queue's first one, else the longest queue's; the idle thread if
 * nobody is ready. */
static struct thread *next_thread(struct cpu *cpu)
{
	if (cpu->ready.count)
		return take_from(&cpu->ready);
	return sched_ready_count ? take_from(longest_queue()) : cpu->idle;
}

_Noreturn void sched_locks_held(const char *verb, const char *what)
{
	char text[SPINLOCK_HELD_TEXT];

	panic("a thread %s%s with a spinlock held: %s", verb, what,
	      spinlock_describe_held(&sched_lock, text));
}

/* ---- Switching ----------------------------------------------------------- */

/* From here on the processor is another thread's. */
static inline __attribute__((always_inline)) void
leave(struct cpu *cpu, struct thread *from, struct thread *to)
{
	uint64_t now = tsc_read();

	trace_switch(now, cpu->number, from->number, to->number);
	from->ran_ticks += now - from->since;
	from->nesting = cpu->nesting;
	to->since = now;
	to->state = THREAD_RUNNING;
	to->cpu = cpu->number;
	to->switches++;
	cpu->thread = to;
	cpu->nesting = to->nesting;
	/* A program has one thread: they differ, or there is none. */
	if (from->process != to->process)
		sched_switch_program(from, to);
	thread_switch(from, to);
}

void sched_switch(void)
{
	struct cpu *cpu = cpu_here();
	struct thread *from = cpu->thread, *to = next_thread(cpu);

	if (to == from) {
		from->state = THREAD_RUNNING;
		return;
	}
	if (from == cpu->idle) {
		from->state = THREAD_READY;
		idle_count--;
	} else if (to == cpu->idle) {
		idle_count++;
	}
	leave(cpu, from, to);
}

/* Nobody need be told: as many are ready as before. */
void sched_take_turns(struct cpu *cpu)
{
	struct run_queue *queue = &cpu->ready;
	struct thread *from = cpu->thread, *to = queue->first;

	if (!to || from == cpu->idle)
		return;
	from->state = THREAD_READY;
	from->next = NULL;
	queue->last->next = from;
	queue->last = from;
	queue->first = to->next;
	leave(cpu, from, to);
}

/* ---- The last switches -------------------------------------------- */

static struct trace_switch ring[TRACE_SWITCHES];
static uint64_t count;

void trace_switch(uint64_t at, uint32_t cpu, uint32_t from, uint32_t to)
{
	ring[count++ % TRACE_SWITCHES] =
		(struct trace_switch){ at, cpu, from, to };
}

size_t trace_read(struct trace_switch *switches, size_t most)
{
	uint64_t kept = count < TRACE_SWITCHES ? count : TRACE_SWITCHES;
	uint64_t wanted = kept < most ? kept : most;

	for (uint64_t i = 0; i < wanted; i++)
		switches[i] = ring[(count - wanted + i) % TRACE_SWITCHES];
	return wanted;
}
