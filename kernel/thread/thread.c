#include "kernel/thread/thread.h"

#include "format.h"
#include "kernel/command_line.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/probe.h"
#include "kernel/irq/irq.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/range.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/sanitize/sanitize.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/wait.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "string.h"
#include "x86/tsc.h"

#define CALLER ((uint64_t)__builtin_return_address(0))

static struct thread main_thread = { .name = "main" };
static uint32_t last_number;

/* ---- Making and releasing ------------------------------------------------ */

/* Stacks of threads that are gone: a new one costs nothing to map. */
#define STACKS_KEPT 8
static void *kept[STACKS_KEPT];
static size_t kept_count;

static void *keep_or_take(void *stack)
{
	SCHED_HOLD();

	if (!stack)
		return kept_count ? kept[--kept_count] : NULL;
	if (kept_count == STACKS_KEPT)
		return stack;
	kept[kept_count++] = stack;
	return NULL;
}

static void *take_stack(uint64_t place)
{
	void *stack = keep_or_take(NULL);

	if (!stack)
		return range_take(THREAD_STACK_BYTES, place);
	sanitize_range((uint64_t)stack, THREAD_STACK_BYTES);
	return stack;
}

static void release_stack(void *stack)
{
	stack = keep_or_take(stack);
	if (stack)
		range_give(stack, CALLER);
}

static void copy_name(struct thread *thread, const char *name)
{
	size_t length = strlen(name);

	if (length > THREAD_NAME_MAX)
		length = THREAD_NAME_MAX;
	memcpy(thread->name, name, length);
	thread->name[length] = '\0';
}

static struct thread *make(const char *name, int64_t (*function)(void *),
			   void *argument, uint64_t place)
{
	struct thread *thread = kcalloc(1, sizeof(*thread));

	if (!thread)
		return NULL;
	thread->stack = take_stack(place);
	if (!thread->stack) {
		kfree(thread);
		return NULL;
	}
	thread->function = function;
	thread->argument = argument;
	thread->joiner.name = "a thread's end";
	copy_name(thread, name);
	thread->rsp = thread_lay_first_frame((uint64_t)thread->stack +
						     THREAD_STACK_BYTES,
					     thread_begin);
	return thread;
}

/* Everybody can be found: threads, the panic page. The lock is held. */
static void enlist(struct thread *thread)
{
	struct thread **link = &sched_all;

	while (*link)
		link = &(*link)->all_next;
	*link = thread;
	thread->number = last_number++;
	thread->cpu = cpu_number();
}

static void delist(struct thread *thread)
{
	struct thread **link = &sched_all;

	while (*link != thread)
		link = &(*link)->all_next;
	*link = thread->all_next;
}

struct thread *thread_create(const char *name, int64_t (*function)(void *),
			     void *argument)
{
	struct thread *thread = make(name, function, argument, CALLER);

	if (thread) {
		SCHED_HOLD();
		enlist(thread);
		sched_ready(thread);
	}
	return thread;
}

/* ---- From the first instruction to the last ------------------------------ */

_Noreturn void thread_main(void);

/* Who ran before has taken the scheduler's lock, with interrupts off. */
_Noreturn void thread_main(void)
{
	const struct spinlock_held held = { &sched_lock, EFLAGS_IF };
	struct thread *me = sched_current();

	spinlock_release(&held);
	thread_exit(me->function(me->argument));
}

_Noreturn void thread_exit(int64_t result)
{
	struct thread *me = thread_this();

	if (!me->stack)
		panic("the main thread ended");
	locks_none_held("a thread");
	SCHED_HOLD();
	sched_check_locks(cpu_here(), "ends", "");
	me->result = result;
	me->state = THREAD_DONE;
	wait_wake_all(&me->joiner);
	sched_switch();
	panic("a thread that is done runs again");
}

/* Once DONE is seen with the lock held, its stack is not used any more. */
int64_t thread_join(struct thread *thread)
{
	int64_t result;

	locks_may_wait("a thread's end", LOCKS_CALLER);
	{
		SCHED_HOLD();
		if (thread == sched_current() || thread->joined)
			panic("thread %u (%s) is joined %s", thread->number,
			      thread->name,
			      thread->joined ? "twice" : "by itself");
		thread->joined = true;
		while (thread->state != THREAD_DONE)
			wait_in(&thread->joiner);
		delist(thread);
		result = thread->result;
	}
	release_stack(thread->stack);
	kfree(thread);
	return result;
}

/* ---- Waiting ------------------------------------------------------------- */

void thread_yield(void)
{
	struct cpu *cpu;

	locks_may_wait("a turn", LOCKS_CALLER);
	SCHED_HOLD();
	cpu = cpu_here();
	sched_check_locks(cpu, "yields", "");
	sched_take_turns(cpu);
}

static struct wait_queue sleepers = WAIT_QUEUE("a time");

void thread_sleep_ns(uint64_t ns)
{
	locks_may_wait("a time", LOCKS_CALLER);
	SCHED_HOLD();

	wait_in_until(&sleepers, clock_ns() + ns);
}

static struct wait_queue interrupted = WAIT_QUEUE("an interrupt");

static volatile uint64_t interrupts;

uint64_t thread_interrupts(void)
{
	return interrupts;
}

void thread_wait_interrupt(uint64_t seen)
{
	locks_may_wait("an interrupt", LOCKS_CALLER);
	SCHED_HOLD();

	while (interrupts == seen)
		wait_in(&interrupted);
}

struct thread *thread_this(void)
{
	return sched_this();
}

void thread_wake_interrupt_waiters(void)
{
	interrupts++;
	wait_wake_all(&interrupted);
}

/* ---- The processor when nobody wants it, and when many do ---------------- */

static bool preempt;
static bool ticks; /* end waits; else the idle thread looks at the clock */

_Noreturn static int64_t idle(void *argument)
{
	(void)argument;
	for (;;) {
		cpu_interrupts_off();
		if (!ticks || sched_has_ready() || cpu_here()->told) {
			SCHED_HOLD();
			if (!ticks)
				wait_wake_due();
			sched_idle_looks();
			if (sched_has_ready()) {
				timer_resume_cpu();
				sched_switch();
			}
		}
		/* Who becomes ready from here on does so by an interrupt. */
		if (!sched_has_ready() && (ticks || !wait_has_times()))
			cpu_sleep();
		cpu_interrupts_on();
	}
}

static const char *choice(size_t n)
{
	return n == 0 ? "cooperative" : NULL;
}

COMMAND_LINE_WORD(sched, .value = "cooperative", .needs_value = true,
		  .choice = choice,
		  .help = "a thread runs until it waits, yields or ends");

bool thread_is_preempted(void)
{
	return preempt;
}

/* A tick does not wait for the scheduler's lock: the next one does its work.
 * Where ticks come faster than the lock is handed on, as between virtual
 * processors that the host lets run in turn, all would wait in their ticks for
 * ever. After some in a row a tick waits all the same: the lock may be taken at
 * each of them. */
#define TICKS_SKIPPED_MAX 10

static bool tick_is_skipped(struct cpu *cpu)
{
	if (spinlock_is_free(&sched_lock) ||
	    cpu->ticks_skipped == TICKS_SKIPPED_MAX) {
		cpu->ticks_skipped = 0;
		return false;
	}
	cpu->ticks_skipped++;
	return true;
}

void sched_interrupt_ends(unsigned int irq)
{
	struct cpu *cpu = cpu_here();
	bool is_tick = irq == IRQ_LOCAL_TIMER || irq == IRQ_PIT;

	/* Threads that wait for a time are woken by the first processor's tick:
	 * one that was woken here would run here, and keep the timer going. */
	if (is_tick && cpu->thread == cpu->idle && timer_pause_cpu())
		return;
	if (is_tick && tick_is_skipped(cpu))
		return;
	SCHED_HOLD();
	thread_wake_interrupt_waiters();
	if (!is_tick)
		return;
	wait_wake_due();
	sched_wake_again();
	/* Not from inside another handler. */
	if (preempt && cpu->nesting <= 1)
		sched_take_turns(cpu);
}

void threads_start(void)
{
	struct thread *idler = make("idle", idle, NULL, CALLER);

	if (!idler)
		panic("no memory left for the idle thread");
	SCHED_HOLD();
	enlist(&main_thread);
	enlist(idler);
	main_thread.state = THREAD_RUNNING;
	main_thread.since = tsc_read();
	cpu_here()->idle = idler;
	cpu_here()->thread = &main_thread;
}

uint64_t threads_prepare_cpu(uint32_t number)
{
	struct thread *idler = make("idle", idle, NULL, CALLER);

	if (!idler)
		return 0;
	SCHED_HOLD();
	enlist(idler);
	idler->cpu = number;
	cpus[number].idle = idler;
	return (uint64_t)idler->stack + THREAD_STACK_BYTES;
}

_Noreturn void threads_run_cpu(void)
{
	struct cpu *cpu = cpu_here();

	{
		SCHED_HOLD();
		cpu->idle->state = THREAD_RUNNING;
		cpu->idle->since = tsc_read();
		cpu->thread = cpu->idle;
		sched_add_idle();
	}
	idle(NULL);
}

void threads_start_ticks(void)
{
	const char *wanted = command_line_value("sched");

	preempt = !wanted || strcmp(wanted, "cooperative") != 0;
	ticks = timer_name() != NULL;
	irq_at_end(sched_interrupt_ends);
}

/* ---- What is known ------------------------------------------------------- */

static const char *const state_names[] = {
	[THREAD_READY] = "ready",
	[THREAD_RUNNING] = "running",
	[THREAD_WAITING] = "waiting",
	[THREAD_DONE] = "done",
};

const char *thread_state_name(enum thread_state state)
{
	return state_names[state];
}

bool thread_nth(size_t n, struct thread_info *info)
{
	const struct thread *thread;
	uint64_t ran;
	SCHED_HOLD();

	for (thread = sched_all; thread && n; n--)
		thread = thread->all_next;
	if (!thread)
		return false;
	ran = thread->ran_ticks;
	if (thread->state == THREAD_RUNNING)
		ran += tsc_read() - thread->since;
	*info = (struct thread_info){
		.number = thread->number,
		.state = thread->state,
		.cpu = thread->cpu,
		.waits_for = thread->waits_in ? thread->waits_in->name : NULL,
		.stack = (uint64_t)thread->stack,
		.stack_bytes = thread->stack ? THREAD_STACK_BYTES : 0,
		.ran_ns = clock_span_ns(ran),
		.switches = thread->switches,
	};
	memcpy(info->name, thread->name, sizeof(info->name));
	return true;
}

/* For the panic page, without the lock: the list may be in the middle of a
 * change, or overwritten. */
#define LOOKED_AT_MAX 256

static bool read_thread(const struct thread *from, struct thread *thread)
{
	return from && probe_read(thread, (vaddr_t)from, sizeof(*thread)) ==
			       sizeof(*thread);
}

PANIC_RANGES(threads)
{
	const struct thread *next = sched_all;
	struct thread thread;

	for (size_t i = 0; i < LOOKED_AT_MAX && read_thread(next, &thread);
	     next = thread.all_next, i++) {
		if (!thread.stack || n-- > 0)
			continue;
		*range = (struct named_range){
			.start = (uint64_t)thread.stack,
			.end = (uint64_t)thread.stack + THREAD_STACK_BYTES,
			.name = "a thread's stack",
			.is_stack = true,
			.guard = PAGE_SIZE,
		};
		return true;
	}
	return false;
}

PANIC_ROW(thread)
{
	struct thread thread;

	if (n || !read_thread(cpu_this()->thread, &thread))
		return false;
	thread.name[THREAD_NAME_MAX] = '\0';
	ksnprintf(text, size, "thread %u (%s) on CPU %u", thread.number,
		  thread.name, cpu_number());
	return true;
}
